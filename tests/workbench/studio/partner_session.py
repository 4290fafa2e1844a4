"""A studio session over an integration of a test's own, in a folder of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from local.service_calls import Choice, always
from tests.workbench.partner_code import written
from workbench.studio.journey import Journey
from workbench.studio.session import StudioSession

CALLS = """
    def process_event_processing_request(self, request):
        status = post(os.environ["ACME_URL"] + "/events", request.id.encode())
        if status == 401:
            raise InvalidCredentials("no")
        if status >= 400:
            raise RetryableError(f"canary {request.user_identities}", retry_after_seconds=600)
        return super().process_event_processing_request(request)
"""
REGISTERS = """
    def process_registration_request(self, request):
        return ModuleRegistrationResponse(
            name="Acme",
            version="1",
            permissions=Permissions(
                user_identities=[
                    UserIdentityPermission(type=UserIdentityType.EMAIL, encoding=Encoding.RAW)
                ]
            ),
            event_processing_registration=EventProcessingRegistration(
                account_settings=[
                    TextSetting(id="apiKey", name="API key", required=True, confidential=True),
                    BooleanSetting(id="loud", name="Loud"),
                ],
                supported_event_types=[EventType.CUSTOM_EVENT],
                supported_runtime_environments=[RuntimeEnvironmentType.IOS],
            ),
        )
"""
DEPLOYMENT = """
name = "acme"
transports = ["lambda", "https"]
[code]
integration = "{integration}"
[environment]
ACME_URL = "https://api.acme.example/v1"
[regions.eu-central-1.environment]
ACME_URL = "https://eu.api.acme.example/v1"
"""


@contextmanager
def session_over(
    hooks: str,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    name: str,
    service: Choice | None = always("ok"),  # noqa: B008 - it keeps nothing
    needs_code: bool = True,
) -> Iterator[StudioSession]:
    """Open a session over hooks that are written to a package of the name."""
    source = folder / "lambda_src"
    source.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.syspath_prepend(source)
    deployment = folder / "deployment.toml"
    deployment.write_text(DEPLOYMENT.format(integration=written(source, hooks, name=name)))
    session = StudioSession(deployment, None, token="sesame-1", service=service)
    with session.open(needs_code=needs_code):
        yield session


def event_batch(
    message_id: str, *, account: int = 1001, email: str = "canary@example.com"
) -> bytes:
    """Write a batch without events that is no check of being alive."""
    return json.dumps(
        {
            "type": "event_processing_request",
            "id": message_id,
            "timestamp_ms": 1,
            "account": {"account_id": account, "account_settings": {"apiKey": "canary-key"}},
            "user_identities": [{"type": "email", "encoding": "raw", "value": email}],
            "events": [],
        }
    ).encode()


def outcomes(journey: Journey) -> list[str]:
    """Give what the worker made of a message, try by try."""
    return [tried.outcome for tried, _ in journey.tries]
