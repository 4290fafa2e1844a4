"""Each HTTP request: its path, its token, its status and its JSON body."""

from __future__ import annotations

import base64
import json
from typing import Any, NoReturn

import pytest

from firehose import (
    AudienceMembershipChangeRequest,
    InvalidCredentials,
    RejectedMessage,
    RetryableError,
)
from tests.aws.endpoint_secret import Secret
from tests.aws.endpoint_sqs import QUEUE, Sqs
from tests.endpoint.http_events import (
    CANARY,
    GOOD,
    MEMBERSHIP,
    REGISTRATION,
    TOKEN,
    answered,
    headers,
    posted,
    text_of,
)
from tests.endpoint.taker import Taker


class Failing(Taker):
    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def process_audience_membership_change_request(
        self, request: AudienceMembershipChangeRequest
    ) -> NoReturn:
        raise self.error


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


@pytest.mark.parametrize(
    "event",
    [
        posted(MEMBERSHIP, headers=headers(authorization=f"token {TOKEN}")),
        posted(MEMBERSHIP, headers=headers(authorization=f"TOKEN  {TOKEN} ")),
        posted(MEMBERSHIP, headers={name.title(): value for name, value in GOOD.items()}),
        posted(MEMBERSHIP, headers=headers(content_type=None)),
        posted(MEMBERSHIP, headers=headers(content_type="Application/JSON; charset=UTF-8")),
        posted(MEMBERSHIP, headers=headers(content_type="application/vnd.api+json")),
        posted(MEMBERSHIP, headers=headers(content_encoding="Identity")),
        posted(base64.b64encode(MEMBERSHIP.encode()).decode(), isBase64Encoded=True),
        posted(MEMBERSHIP, routeKey="POST /audiences"),
    ],
    ids=[
        "lower",
        "upper",
        "header case",
        "no type",
        "charset",
        "other JSON",
        "not encoded",
        "base64",
        "no prefix",
    ],
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


def test_message_is_asked_for_again_when_its_token_cannot_be_checked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    status, _, response_headers = answered(
        posted(MEMBERSHIP), secret=Secret([TOKEN], refused="InternalServiceError")
    )

    assert (status, response_headers["Retry-After"]) == (503, "5")
    line = json.loads(capsys.readouterr().out)
    assert line["error"] == "GetSecretValue failed: InternalServiceError"


ANY_TEXT: Any = f"30 {CANARY}"


@pytest.mark.parametrize(
    ("error", "status", "retry_after"),
    [
        (RetryableError(CANARY), 503, "5"),
        (RetryableError(CANARY, retry_after_seconds=42), 503, "42"),
        (RetryableError(CANARY, retry_after_seconds=float("inf")), 503, "86400"),
        (RetryableError(CANARY, retry_after_seconds=10**400), 503, "86400"),
        (RetryableError(CANARY, retry_after_seconds=float("-inf")), 503, "1"),
        (RetryableError(CANARY, retry_after_seconds=-5), 503, "1"),
        (RetryableError(CANARY, retry_after_seconds=float("nan")), 503, "5"),
        (RetryableError(CANARY, retry_after_seconds=ANY_TEXT), 503, "5"),
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
    line = json.loads(capsys.readouterr().out)
    assert (line["outcome"], line["error"]) == ("refused", "AttributeError")
