"""How an odd message is read: nulls, booleans, encodings of text, data nested deep."""

from __future__ import annotations

import json
from typing import Any

import pytest

from firehose import (
    EventProcessingRequest,
    InvalidMessage,
    UserAttributeChangeEvent,
    WebRuntimeEnvironment,
    decode,
    to_dict,
)
from tests.firehose.conftest import MESSAGE_ID, Read


@pytest.mark.parametrize("fields", [{}, {"events": None}, {"events": [None, None]}])
def test_missing_or_null_events_are_no_events(fields: dict[str, Any], event_request: Read) -> None:
    assert event_request(**fields).events == []


def test_null_between_events_is_passed_over(event_request: Read) -> None:
    request = event_request(events=[{"type": "session_start"}, None, {"type": "session_end"}])
    assert [event.type for event in request.events] == ["session_start", "session_end"]


def test_null_lists_and_maps_are_empty(event_request: Read) -> None:
    request = event_request(user_identities=None, user_attributes=None, system_notifications=None)
    assert request.user_identities == []
    assert request.user_attributes == {}
    assert request.system_notifications == []


def test_attribute_whose_name_is_no_text_is_refused_without_telling_it() -> None:
    sent = {"type": "event_processing_request", "id": MESSAGE_ID, "user_attributes": {4711: "x"}}

    with pytest.raises(InvalidMessage, match="has a name that is not text") as refused:
        decode(sent)

    assert "4711" not in str(refused.value)


def test_message_is_no_other_kind_of_object(event_request: Read) -> None:
    assert event_request().__eq__(1) is NotImplemented
    assert event_request() != 1


def test_changed_attributes_may_be_lists(event_request: Read) -> None:
    sent = {"type": "user_attribute_change", "added": {"a": ["x", None], "b": "y", "c": None}}
    event = event_request(events=[sent]).events[0]
    assert isinstance(event, UserAttributeChangeEvent)
    assert event.added == sent["added"]


@pytest.mark.parametrize(
    ("sent", "read"), [("true", True), (False, False), ("", None), (None, None), ("maybe", None)]
)
def test_web_booleans_have_a_boolean_view(
    sent: Any, read: bool | None, event_request: Read
) -> None:
    web = event_request(runtime_environment={"type": "mobileweb", "is_dst": sent})
    assert isinstance(web.runtime_environment, WebRuntimeEnvironment)
    assert web.runtime_environment.observes_dst is read
    assert web.runtime_environment.limits_ad_tracking is None
    web.runtime_environment.limit_ad_tracking = web.runtime_environment.is_dst
    assert web.runtime_environment.limits_ad_tracking is read


@pytest.mark.parametrize("extensions", [[["a", "b"]], [], "", 5])
def test_extensions_that_are_no_object_are_refused(extensions: Any) -> None:
    sent = {"type": "dsr_processing_request", "extensions": extensions}
    if extensions == "":
        assert getattr(decode(sent), "extensions", 1) is None
        return
    with pytest.raises(InvalidMessage, match=r"^\$\.extensions: expected an object"):
        decode(sent)


def nested(levels: int) -> Any:
    value: Any = "end"
    for level in range(levels):
        value = {"in": value} if level % 2 else [value]
    return value


@pytest.mark.parametrize("place", [(), ("account",), ("extensions",)])
def test_free_form_data_is_nested_a_hundred_levels_at_most(place: tuple[str, ...]) -> None:
    def sent(levels: int) -> dict[str, Any]:
        content: dict[str, Any] = {"x_new": nested(levels)}
        for step in place:
            content = {step: content}
        return {"type": "dsr_processing_request", "id": MESSAGE_ID, "timestamp_ms": 1} | content

    fits = sent(100 if place != ("extensions",) else 99)
    data: dict[str, Any] | str | bytes
    for data in (fits, json.dumps(fits)):
        assert json.dumps(fits)[-150:-10] in json.dumps(to_dict(decode(data)))
    for levels in (101, 400, 700):
        for data in (sent(levels), json.dumps(sent(levels)), json.dumps(sent(levels)).encode()):
            with pytest.raises(InvalidMessage):
                decode(data)


@pytest.mark.parametrize("account_id", [5, "5"], ids=["clean", "odd beside it"])
def test_blank_setting_is_a_value_however_the_account_is_read(
    batch: dict[str, Any], account_id: object
) -> None:
    batch["account"] |= {"account_id": account_id, "account_settings": {"prefix": " "}}

    request = decode(batch)

    assert isinstance(request, EventProcessingRequest)
    assert request.account is not None
    prefix = request.account.account_settings["prefix"]
    assert prefix is not None
    assert prefix.reveal() == " "


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_other_unicode_encodings_are_read(encoding: str) -> None:
    raw = json.dumps({"type": "module_registration_request", "note": "ø"}, ensure_ascii=False)
    assert decode(raw.encode(encoding)).unknown_fields == {"note": "ø"}


def test_half_a_surrogate_pair_is_read_and_written_as_a_replacement() -> None:
    raw = rb'{"type":"event_processing_request","user_attributes":{"cut":"a\ud83d"}}'
    request = decode(raw)
    assert isinstance(request, EventProcessingRequest)
    assert request.user_attributes == {"cut": "a\ud83d"}
    assert to_dict(request)["user_attributes"] == {"cut": "a�"}


def test_half_a_surrogate_pair_changes_nothing_around_it() -> None:
    message = {
        "type": "event_processing_response",
        "id": "0a8e6a3c-3f2b-4c55-9b0e-6f3c1d2e4b5a",
        "timestamp_ms": 5,
        "firehose_version": "3.2.0",
        "x_new": ["a", 1, None, {"b\ud83d": [True, "\U0001f600"]}],
    }
    kept = ["a", 1, None, {"b\ufffd": [True, "\U0001f600"]}]
    assert to_dict(decode(message)) == message | {"x_new": kept}
