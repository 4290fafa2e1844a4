"""An integration that is tried, and what `firehose try` says of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.local.documented import records
from tests.running import Ran
from tests.workbench.partner_code import importable

KEY, ADDRESS = "canary-key", "canary@example.com"
HOOKS = """
    def process_event_processing_request(self, request):
        for identity in request.user_identities:
            post(os.environ["ACME_URL"] + "/events", '{"who": "%s"}' % identity.value.reveal())
        print("a line of mine about", identity.value.reveal())
        return super().process_event_processing_request(request)

    def process_dsr_processing_request(self, request):
        status = post(os.environ["ACME_URL"] + "/erasures", b"{}")
        if status == 401:
            raise InvalidCredentials("no")
        if status == 429:
            raise RetryableError("later", retry_after_seconds=30)
        return super().process_dsr_processing_request(request)

    def process_audience_subscription_request(self, request):
        raise KeyError("a bug of " + request.account.text_setting("apiKey").reveal())

    def process_audience_membership_change_request(self, request):
        try:
            urllib.request.urlopen("http://api.acme.example/x", timeout=1)
        except OSError as error:
            raise RetryableError("not reached") from error
"""


def configure(tmp_path: Path, hooks: str, monkeypatch: pytest.MonkeyPatch, *, name: str) -> Path:
    """Configure an integration; give its deployment file."""
    name = importable(tmp_path, hooks, monkeypatch, name=name)
    file = tmp_path / "deployment.toml"
    file.write_text(
        f'name = "acme"\n[code]\nintegration = "{name}"\n'
        '[environment]\nACME_URL = "https://api.acme.example/v1"\n'
        # Inline: on a busy machine the budget of what overflows may end.
        '[processing]\nevents = "inline"\n'
    )
    monkeypatch.setenv("FIREHOSE_DEPLOYMENT", str(file))
    return file


def tried(result: Ran) -> dict[str, Any]:
    """Parse the one trial of an output, which has the keys that the page promises."""
    (trial,) = records("try", result.stdout)
    return trial
