"""What mParticle gets back for each request, and what the log says about it."""

from __future__ import annotations

import json
from typing import Any, NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from endpoint.answering import ProcessingError, answer
from firehose import (
    AudienceMembershipChangeRequest,
    AudienceMembershipChangeResponse,
    DsrProcessingRequest,
    DsrProcessingResponse,
    InvalidCredentials,
    InvalidMessage,
    RejectedMessage,
    RetryableError,
    decode,
)
from tests.endpoint.taker import Taker

CANARY = "canary-8f2a@example.com"


class Failing(Taker):
    """Raises what it is made with, as a partner's code would: with a user's data in the text."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def process_audience_membership_change_request(
        self, request: AudienceMembershipChangeRequest
    ) -> AudienceMembershipChangeResponse:
        self._fail()

    def process_dsr_processing_request(
        self, request: DsrProcessingRequest
    ) -> DsrProcessingResponse:
        self._fail()

    def _fail(self) -> NoReturn:
        raise self.error


def logged(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    (line,) = capsys.readouterr().out.splitlines()
    entry: dict[str, Any] = json.loads(line)
    return entry


def test_each_request_gets_the_response_of_its_pair_with_its_id(
    request_message: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    response = answer(Taker(), request_message)

    assert response["type"] == request_message["type"].replace("request", "response")
    assert response["id"] == request_message["id"]
    assert decode(response, strict=True).id == request_message["id"]
    entry = logged(capsys)
    assert entry["outcome"] == "answered"
    assert entry["message_id"] == request_message["id"]
    assert entry["message_type"] == request_message["type"]
    assert entry.get("account_id") == request_message.get("account", {}).get("account_id")
    assert entry["duration_ms"] >= 0


@pytest.mark.parametrize(
    ("event", "text"),
    [
        ([], "expected a JSON object, found list"),
        ("{}", "expected a JSON object, found str"),
        (None, "expected a JSON object, found NoneType"),
        ({}, r"\$.type"),
        ({"type": 5}, r"\$.type"),
        ({"type": "weather_request"}, r"\$.type"),
        ({"type": "event_processing_response"}, "expected a request"),
    ],
)
def test_what_is_no_request_raises_one_clear_error(
    event: object, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(InvalidMessage, match=text):
        answer(Taker(), event)

    assert logged(capsys)["outcome"] == "refused"


@pytest.mark.parametrize(
    "error",
    [
        RetryableError(CANARY, retry_after_seconds=5),
        RejectedMessage(CANARY),
        KeyError(CANARY),
        ZeroDivisionError(CANARY),
    ],
)
def test_failure_of_the_integration_is_raised_and_logged_without_its_text(
    membership_change: dict[str, Any], error: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ProcessingError) as raised:
        answer(Failing(error), membership_change)

    name = type(error).__name__
    where = raised.value.failure.where
    of = f"{membership_change['type']} {membership_change['id']}"
    assert str(raised.value) == f"{name} at {where}, while processing {of}"
    assert raised.value.__context__ is None, "AWS would print the original error's text"
    output = capsys.readouterr().out
    entry = json.loads(output)
    assert (entry["outcome"], entry["level"], entry["error"]) == ("failed", "ERROR", name)
    assert entry["where"].startswith("endpoint/test_answering.py:")
    assert entry["where"].endswith("in _fail")
    assert CANARY not in output + str(raised.value)


def test_refused_credentials_suspend_an_audience_subscription(
    membership_change: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    response = answer(Failing(InvalidCredentials(CANARY)), membership_change)

    assert response["type"] == "audience_membership_change_response"
    assert response["id"] == membership_change["id"]
    assert response["suspend_subscription"] is True
    output = capsys.readouterr().out
    assert json.loads(output)["outcome"] == "suspended"
    assert CANARY not in output


def test_refused_credentials_elsewhere_are_a_failure() -> None:
    request = {"type": "dsr_processing_request", "id": "6f0d5f8e-0f4c-4b8e-9f0b-0d6a3f1c7a07"}

    with pytest.raises(ProcessingError, match="InvalidCredentials"):
        answer(Failing(InvalidCredentials(CANARY)), request)


def test_settings_identities_and_attributes_never_reach_the_log(
    membership_change: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    (profile,) = membership_change["user_profiles"]
    profile["user_identities"][0]["value"] = CANARY
    profile["audiences"][1]["user_attributes"][0]["value"] = CANARY
    membership_change["account"]["account_settings"]["apiKey"] = CANARY

    answer(Taker(), membership_change)

    assert CANARY not in capsys.readouterr().out


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(json_values)
def test_any_json_is_answered_or_refused(event: object) -> None:
    try:
        response = answer(Taker(), event)
    except (InvalidMessage, ProcessingError):
        return
    assert response["type"].endswith("_response")
