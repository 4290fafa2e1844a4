"""HTTP requests as API Gateway passes them on, and what they are answered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from endpoint.acceptance import Acceptance
from endpoint.front_door import FrontDoor
from firehose import MessageProcessor
from tests.aws.endpoint_secret import Secret
from tests.aws.endpoint_sqs import QUEUE, Sqs
from tests.endpoint.taker import Taker

MESSAGES = Path(__file__).parents[2] / "probe" / "messages"
CANARY = "canary-8f2a@example.com"
TOKEN = "sesame-1"
GOOD = {"authorization": f"Token {TOKEN}", "content-type": "application/json"}


def text_of(name: str) -> str:
    return (MESSAGES / f"{name}.json").read_text(encoding="utf-8")


MEMBERSHIP = text_of("audience_membership_change_request")
REGISTRATION = text_of("module_registration_request")


def posted(body: str | None, *, path: str = "audiences", **changes: Any) -> dict[str, Any]:
    """Make the event of a good request, with changes."""
    event = {
        "version": "2.0",
        "routeKey": f"POST /firehose/{path}",
        "rawPath": f"/firehose/{path}",
        "headers": GOOD,
        "requestContext": {"http": {"method": "POST", "path": f"/firehose/{path}"}},
        "isBase64Encoded": False,
        **changes,
    }
    return event if body is None else event | {"body": body}


def headers(**changes: str | None) -> dict[str, str]:
    named = {name.replace("_", "-"): value for name, value in changes.items()}
    return {name: value for name, value in (GOOD | named).items() if value is not None}


def answered(
    event: dict[str, Any],
    *,
    sqs: Sqs | None = None,
    secret: Secret | None = None,
    integration: MessageProcessor | None = None,
) -> tuple[int, dict[str, Any], dict[str, str]]:
    """Give status, parsed body and headers; without `sqs` everything is inline."""
    acceptance = (
        Acceptance(sqs.queue(QUEUE), queued=("events", "audiences", "dsr")) if sqs else None
    )
    door = FrontDoor(
        integration or Taker(),
        acceptance=acceptance,
        tokens=(secret or Secret([TOKEN])).tokens(),
    )
    response = door.answer(event)
    assert response["headers"]["Content-Type"] == "application/json;charset=utf-8"
    return response["statusCode"], json.loads(response["body"]), response["headers"]
