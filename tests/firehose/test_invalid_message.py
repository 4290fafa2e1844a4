"""The one exception of `decode`: where, what, and which message."""

from __future__ import annotations

import json
from typing import Any

import pytest

from firehose import FirehoseError, InvalidMessage, decode
from tests.firehose.conftest import MESSAGE_ID


def refuse(data: Any, *, strict: bool = False) -> InvalidMessage:
    with pytest.raises(InvalidMessage) as refusal:
        decode(data, strict=strict)
    return refusal.value


def test_error_names_place_reason_type_and_id() -> None:
    events = [{"type": "session_start"}, {"type": "session_end", "session_length_ms": {}}]
    error = refuse({"type": "event_processing_request", "id": MESSAGE_ID.upper(), "events": events})
    assert error.path == "$.events[1].session_length_ms"
    assert error.reason == "expected a whole number, found an object"
    assert (error.message_type, error.message_id) == ("event_processing_request", MESSAGE_ID)
    assert str(error) == (
        "$.events[1].session_length_ms: expected a whole number, found an object "
        f"(in event_processing_request {MESSAGE_ID})"
    )


def test_error_is_a_firehose_error_and_a_value_error() -> None:
    error = refuse(b"")
    assert isinstance(error, FirehoseError)
    assert isinstance(error, ValueError)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", "$: is not JSON (line 1, column 1)"),
        (b'{"type":\n nope}', "$: is not JSON (line 2, column 2)"),
        (b"{}{}", "$: is not JSON (line 1, column 3)"),
        (b"\xff\xfe\xfd", "$: is not JSON"),
        ("\ud800", "$: is not JSON (line 1, column 1)"),
        ("[" * 100_000, "$: is not JSON"),
        (b'{"type":"dsr_processing_response","n":' + b"9" * 5000 + b"}", "$: is not JSON"),
        (b'{"type":"dsr_processing_response","n":1e99999999999999999999}', "$: is not JSON"),
        (b"[]", "$: is not a JSON object"),
        (b"null", "$: is not a JSON object"),
        ([], "$: is not a JSON object"),
        (None, "$: is not a JSON object"),
        ({}, "$.type: is missing"),
        ({"type": "new_request"}, "$.type: is not a known type (in new_request)"),
        ({"type": "New Request"}, "$.type: is not a known type"),
        (
            {"type": "dsr_processing_response", 5: 5},
            "$.*: is not a known field (in dsr_processing_response)",
        ),
    ],
    ids=str,
)
def test_what_is_no_message_is_told_in_few_words(data: Any, text: str) -> None:
    assert str(refuse(data)) == text


@pytest.mark.parametrize(
    ("fields", "path", "reason"),
    [
        ({"id": "xyz"}, "$.id", "is not a GUID"),
        ({"events": [5]}, "$.events[0]", "expected an object, found a number"),
        ({"events": [{"type": []}]}, "$.events[0].type", "expected text, found a list"),
        ({"user_attributes": {"a": []}}, "$.user_attributes.*", "expected text, found a list"),
        ({"user_attributes": []}, "$.user_attributes", "expected an object, found a list"),
        ({"account": "me"}, "$.account", "expected an object, found text"),
        ({"mpid": {}}, "$.mpid", "expected text, found an object"),
        (
            {"runtime_environment": {"type": "ios", "identities": [{"type": "x", "value": "v"}]}},
            "$.runtime_environment.identities[0].encoding",
            "is missing",
        ),
        (
            {"events": [{"type": "session_start", "location": {"latitude": "north"}}]},
            "$.events[0].location.latitude",
            "expected a number, found text",
        ),
        (
            {"events": [{"type": "product_action", "total_amount": "much"}]},
            "$.events[0].total_amount",
            "expected a number, found text",
        ),
    ],
)
def test_place_and_reason_of_an_error_are_exact(
    fields: dict[str, Any], path: str, reason: str
) -> None:
    sent = {"type": "event_processing_request"} | fields
    for data in (sent, json.dumps(sent)):
        error = refuse(data)
        assert (error.path, error.reason) == (path, reason)


@pytest.mark.parametrize(
    ("fields", "path", "reason"),
    [
        ({"id": "xyz"}, "$.id", "is not a GUID"),
        ({"mpid": 5}, "$.mpid", "expected text, found a number"),
        ({"novelty": 5}, "$.novelty", "is not a known field"),
        ({"No Name": 5}, "$.*", "is not a known field"),
        ({"events": None}, "$.events", "expected a list, found null"),
        ({"events": [None]}, "$.events[0]", "expected an object, found null"),
        ({"events": [{"type": "teleport"}]}, "$.events[0].type", "is not a known type"),
        ({"events": [{}]}, "$.events[0].type", "is not a known type"),
        ({"timestamp_ms": 1.5}, "$.timestamp_ms", "expected a whole number, found a number"),
        ({"user_attributes": None}, "$.user_attributes", "expected an object, found null"),
        (
            {"runtime_environment": {"type": "fridge"}},
            "$.runtime_environment.type",
            "is not a known type",
        ),
        (
            {"events": [{"type": "product_action", "action": " purchase "}]},
            "$.events[0].action",
            "is not a known ProductAction",
        ),
        (
            {"events": [{"type": "product_action", "total_amount": "1"}]},
            "$.events[0].total_amount",
            "expected a number, found text",
        ),
    ],
)
def test_strict_reading_refuses_each_departure(
    fields: dict[str, Any], path: str, reason: str
) -> None:
    error = refuse({"type": "event_processing_request"} | fields, strict=True)
    assert (error.path, error.reason) == (path, reason)
