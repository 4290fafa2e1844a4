"""Each HTTP request: its status, its JSON body, and that nothing bad gets into the queue."""

from __future__ import annotations

import base64
import gzip
import json
from pathlib import Path
from typing import Any, NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from endpoint.acceptance import LARGEST_BYTES, Acceptance
from endpoint.front_door import FrontDoor
from firehose import (
    AudienceMembershipChangeRequest,
    InvalidCredentials,
    RejectedMessage,
    RetryableError,
)
from integration import Integration
from tests.endpoint.secret import Secret
from tests.endpoint.sqs import QUEUE, Sqs

MESSAGES = Path(__file__).parents[2] / "ops" / "messages"
CANARY = "canary-8f2a@example.com"
TOKEN = "sesame-1"
GOOD = {"authorization": f"Token {TOKEN}", "content-type": "application/json"}


def text_of(name: str) -> str:
    return (MESSAGES / f"{name}.json").read_text(encoding="utf-8")


MEMBERSHIP = text_of("audience_membership_change_request")
REGISTRATION = text_of("module_registration_request")


class Failing(Integration):
    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def process_audience_membership_change_request(
        self, request: AudienceMembershipChangeRequest
    ) -> NoReturn:
        raise self.error


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
    integration: Integration | None = None,
) -> tuple[int, dict[str, Any], dict[str, str]]:
    """Give status, parsed body and headers; without `sqs` everything is inline."""
    acceptance = (
        Acceptance(sqs.queue(QUEUE), queued=("events", "audiences", "dsr")) if sqs else None
    )
    door = FrontDoor(
        integration or Integration(),
        acceptance=acceptance,
        tokens=(secret or Secret([TOKEN])).tokens(),
    )
    response = door.answer(event)
    assert response["headers"]["Content-Type"] == "application/json;charset=utf-8"
    return response["statusCode"], json.loads(response["body"]), response["headers"]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("registration", "module_registration_request"),
        ("events", "event_processing_request"),
        ("events", "event_processing_request_idle"),
        ("audiences", "audience_subscription_request"),
        ("audiences", "audience_membership_change_request"),
        ("audiences", "audience_membership_change_request_idle"),
        ("dsr", "dsr_processing_request"),
    ],
)
def test_each_request_is_answered_on_its_path_and_refused_on_every_other(
    path: str, name: str
) -> None:
    request = json.loads(text_of(name))
    for other in ("registration", "events", "audiences", "dsr"):
        sqs = Sqs()
        status, body, _ = answered(posted(text_of(name), path=other), sqs=sqs)
        if other == path:
            assert (status, body["id"]) == (200, request["id"])
            assert body["type"] == request["type"].replace("request", "response")
        else:
            assert status == 400
            assert body == {
                "error": "$.type: does not belong to this path",
                "id": request["id"],
            }
            assert sqs.requests == []


BAD_INPUT = {
    "no body": (posted(None), 400),
    "empty body": (posted(""), 400),
    "not JSON": (posted(f"user={CANARY}"), 400),
    "half of a JSON text": (posted(MEMBERSHIP[:-5]), 400),
    "JSON array": (posted("[]"), 400),
    "unknown type": (posted(json.dumps({"type": "x", "id": CANARY})), 400),
    "a response": (posted(json.dumps({"type": "event_processing_response"})), 400),
    "wrong content type": (posted(MEMBERSHIP, headers=headers(content_type="text/plain")), 400),
    "wrong path": (posted(MEMBERSHIP, path="nowhere"), 404),
    "default route": (posted(MEMBERSHIP, routeKey="$default"), 404),
    "wrong method": (posted(MEMBERSHIP, routeKey="PUT /firehose/audiences"), 405),
    "5 MB body": (posted(json.dumps({"a": "x" * 5_000_000})), 413),
    "one byte too many": (posted("x" * (LARGEST_BYTES + 1)), 413),
    "gzip body": (
        posted(
            base64.b64encode(gzip.compress(MEMBERSHIP.encode())).decode(),
            isBase64Encoded=True,
            headers=headers(content_encoding="gzip"),
        ),
        400,
    ),
    "gzip body that does not say so": (
        posted(base64.b64encode(gzip.compress(MEMBERSHIP.encode())).decode(), isBase64Encoded=True),
        400,
    ),
    "base64 that is none": (posted("%%%", isBase64Encoded=True), 400),
    "UTF-16 body": (
        posted(base64.b64encode(MEMBERSHIP.encode("utf-16")).decode(), isBase64Encoded=True),
        400,
    ),
    "missing token": (posted(MEMBERSHIP, headers=headers(authorization=None)), 401),
    "no headers": (posted(MEMBERSHIP, headers=None), 401),
    "empty token": (posted(MEMBERSHIP, headers=headers(authorization="Token ")), 401),
    "token without a scheme": (posted(MEMBERSHIP, headers=headers(authorization=TOKEN)), 401),
    "another scheme": (posted(MEMBERSHIP, headers=headers(authorization=f"Bearer {TOKEN}")), 401),
    "wrong token": (posted(MEMBERSHIP, headers=headers(authorization="Token sesame-2")), 401),
    "two words": (posted(MEMBERSHIP, headers=headers(authorization=f"Token {TOKEN} x")), 401),
    # API Gateway joins what came twice
    "duplicate header": (
        posted(MEMBERSHIP, headers=headers(authorization=f"Token {TOKEN},Token {TOKEN}")),
        401,
    ),
    "body out of order without a token": (posted("x", headers={}), 401),
}


@pytest.mark.parametrize("case", BAD_INPUT)
def test_bad_input_has_its_status_and_reason_and_is_not_queued(
    case: str, capsys: pytest.CaptureFixture[str]
) -> None:
    event, expected = BAD_INPUT[case]
    sqs = Sqs()

    status, body, response_headers = answered(event, sqs=sqs)

    assert status == expected
    assert isinstance(body["error"], str)
    assert set(body) <= {"error", "id"}
    assert sqs.requests == []
    assert response_headers.get("WWW-Authenticate") == ("Token" if status == 401 else None)
    output = capsys.readouterr()
    for secret in (CANARY, TOKEN, "Traceback", "probe-key"):
        assert secret not in output.out + output.err + json.dumps(body)
    (line,) = output.out.splitlines()
    assert json.loads(line)["outcome"] == "refused"


@pytest.mark.parametrize(
    "event",
    [
        posted(MEMBERSHIP, headers=headers(authorization=f"token {TOKEN}")),
        posted(MEMBERSHIP, headers=headers(authorization=f"TOKEN  {TOKEN} ")),
        posted(MEMBERSHIP, headers={name.title(): value for name, value in GOOD.items()}),
        posted(MEMBERSHIP, headers=headers(content_type=None)),
        posted(MEMBERSHIP, headers=headers(content_type="Application/JSON; charset=UTF-8")),
        posted(base64.b64encode(MEMBERSHIP.encode()).decode(), isBase64Encoded=True),
        posted(MEMBERSHIP, routeKey="POST /audiences"),
    ],
    ids=["lower", "upper", "header case", "no type", "charset", "base64", "no prefix"],
)
def test_other_forms_of_a_good_request_are_good(event: dict[str, Any]) -> None:
    sqs = Sqs()

    status, body, _ = answered(event, sqs=sqs)

    assert (status, body["id"]) == (200, json.loads(MEMBERSHIP)["id"])
    assert sqs.sent(QUEUE)[0]["MessageBody"] == MEMBERSHIP


def test_registration_needs_no_token_and_takes_a_wrong_one() -> None:
    for sent in ({}, headers(authorization="Token wrong")):
        assert answered(posted(REGISTRATION, path="registration", headers=sent))[0] == 200


def test_nothing_gets_past_the_token_through_the_open_path() -> None:
    # Two types in one object, or a byte-order mark: whatever reads it, no event comes through.
    twice = '{"type": "module_registration_request",' + MEMBERSHIP.lstrip()[1:]
    for body in (MEMBERSHIP, twice, f"\ufeff{MEMBERSHIP}"):
        sqs = Sqs()
        status, _, _ = answered(posted(body, path="registration", headers={}), sqs=sqs)

        assert status == 400
        assert sqs.requests == []


def test_before_a_token_exists_only_registration_answers_and_the_log_says_why(
    capsys: pytest.CaptureFixture[str],
) -> None:
    status, _, _ = answered(posted(MEMBERSHIP), secret=Secret())
    assert status == 401
    assert "firehose token" in json.loads(capsys.readouterr().out)["error"]

    assert answered(posted(REGISTRATION, path="registration"), secret=Secret())[0] == 200


def test_message_that_is_not_stored_is_asked_for_again() -> None:
    status, body, response_headers = answered(
        posted(MEMBERSHIP), sqs=Sqs(refused={"SendMessage": "KmsDisabled"})
    )

    assert (status, body) == (503, {"error": "the message was not stored"})
    assert response_headers["Retry-After"] == "5"


def test_message_is_asked_for_again_when_its_token_cannot_be_checked() -> None:
    status, _, response_headers = answered(
        posted(MEMBERSHIP), secret=Secret([TOKEN], refused="InternalServiceError")
    )

    assert (status, response_headers["Retry-After"]) == (503, "5")


@pytest.mark.parametrize(
    ("error", "status", "retry_after"),
    [
        (RetryableError(CANARY), 503, "5"),
        (RetryableError(CANARY, retry_after_seconds=42), 503, "42"),
        (ValueError(CANARY), 500, None),
        (RejectedMessage(CANARY), 400, None),
    ],
)
def test_failure_of_the_integration_has_the_status_that_fits_its_kind(
    error: Exception, status: int, retry_after: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    found, body, response_headers = answered(posted(MEMBERSHIP), integration=Failing(error))

    assert (found, response_headers.get("Retry-After")) == (status, retry_after)
    assert body["id"] == json.loads(MEMBERSHIP)["id"]
    output = capsys.readouterr()
    assert CANARY not in output.out + output.err + json.dumps(body)


def test_refused_credentials_suspend_the_audience() -> None:
    status, body, _ = answered(posted(MEMBERSHIP), integration=Failing(InvalidCredentials(CANARY)))

    assert (status, body["suspend_subscription"]) == (200, True)


def test_bug_of_ours_is_a_plain_500(capsys: pytest.CaptureFixture[str]) -> None:
    status, body, _ = answered(posted(MEMBERSHIP, headers={"authorization": 5}))

    assert (status, body) == (500, {"error": "the endpoint failed"})
    assert "Traceback" not in capsys.readouterr().out


DOOR = FrontDoor(Integration(), acceptance=None, tokens=Secret([TOKEN]).tokens())


@given(
    body=st.text(max_size=50) | st.binary(max_size=50).map(lambda b: base64.b64encode(b).decode()),
    is_base64=st.booleans(),
)
def test_any_body_is_answered_with_json(body: str, *, is_base64: bool) -> None:
    response = DOOR.answer(posted(body, isBase64Encoded=is_base64))

    assert response["statusCode"] == 400
    assert json.loads(response["body"])["error"]
