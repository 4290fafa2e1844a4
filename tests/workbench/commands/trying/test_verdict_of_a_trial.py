"""`firehose try`: what the verdict objects to."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.workbench.commands.trying.tried import configure, tried
from tests.workbench.conftest import FirehoseHere
from tests.workbench.partner_code import MESSAGES


def test_verdict_names_what_is_printed_and_that_nothing_tells_a_repetition(
    firehose_here: FirehoseHere, batch: Path
) -> None:
    fine = firehose_here("try", str(batch))
    strict = firehose_here("try", str(batch), "--strict", "--format", "json")

    objections = ["an identity is printed", "POST /v1/events has no idempotency key"]
    assert fine.returncode == 0
    assert "verdict: an identity is printed; POST /v1/events has no" in fine.stdout
    assert strict.returncode == 1
    for objection, begins in zip(tried(strict)["verdict"], objections, strict=True):
        assert objection.startswith(begins)
    assert "--strict: 1 of 1 have objections: batch" in strict.stderr
    assert strict.stderr.splitlines()[-1].startswith("Next: ")


def test_verdict_names_a_credential_that_is_printed_and_one_that_is_refused(
    firehose_here: FirehoseHere, batch: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooks = """
        def process_event_processing_request(self, request):
            print(request.account.text_setting("apiKey").reveal())
            raise InvalidCredentials("no")
    """
    configure(tmp_path, hooks, monkeypatch, name="acme_talks")

    trial = tried(firehose_here("try", str(batch), "--format", "json"))

    assert trial["verdict"] == [
        "a credential is printed",
        "InvalidCredentials: for mParticle, the customer's settings are wrong",
    ]


def test_verdict_names_an_answer_that_comes_too_late(
    firehose_here: FirehoseHere, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooks = """
        def process_event_processing_request(self, request):
            import time
            time.sleep(1.1)
            return super().process_event_processing_request(request)
    """
    file = configure(tmp_path, hooks, monkeypatch, name="acme_slow")
    file.write_text(f"{file.read_text()}[function]\ntimeout_seconds = 1\n")

    result = firehose_here("try", str(MESSAGES / "event_processing_request.json"))

    assert "verdict: took 1." in result.stdout
    assert "s; the function is ended after 1; answered in 11" in result.stdout
    assert "mParticle allows 200 over lambda" in result.stdout
