"""What mParticle may add later is kept: fields, events, platforms, words."""

from __future__ import annotations

from typing import Any

import pytest

from firehose import (
    AlexaRuntimeEnvironment,
    CustomEvent,
    DsrProcessingRequest,
    EventProcessingRequest,
    GenericRuntimeEnvironment,
    ProductAction,
    ProductActionEvent,
    SamsungTVRuntimeEnvironment,
    SmartTVRuntimeEnvironment,
    UnknownEvent,
    UnknownNotification,
    UnknownRuntimeEnvironment,
    decode,
    to_dict,
)
from tests.firehose.conftest import Read


def test_unknown_fields_are_kept_at_every_level_and_written_again(batch: dict[str, Any]) -> None:
    new: dict[str, Any] = {"deep": [None, {"": ""}], "number": 1.5}
    batch["new"] = new
    batch["account"]["new"] = new
    batch["events"][1]["products"][0]["new"] = new
    request = decode(batch)
    assert isinstance(request, EventProcessingRequest)
    assert request.unknown_fields == {"new": new}
    product_action = request.events[1]
    assert isinstance(product_action, ProductActionEvent)
    assert product_action.products[0].unknown_fields == {"new": new}
    assert to_dict(request) == batch


def test_an_unknown_event_keeps_its_common_fields_typed_and_the_rest_raw(
    event_request: Read,
) -> None:
    sent = {
        "type": "teleport", "id": "e-1", "timestamp_ms": "12", "session_id": 3,
        "location": "nowhere", "target": {"x": 1},
    }  # fmt: skip
    event = event_request(events=[sent]).events[0]
    assert isinstance(event, UnknownEvent)
    assert event.type == "teleport"
    assert (event.id, event.timestamp_ms, event.session_id) == ("e-1", 12, 3)
    assert event.unknown_fields == {"location": "nowhere", "target": {"x": 1}}
    assert to_dict(event.request)["events"] == [sent | {"timestamp_ms": 12}]


def test_an_event_without_type_is_an_unknown_event(event_request: Read) -> None:
    event = event_request(events=[{"id": "e-1", "timestamp_ms": 1}]).events[0]
    assert isinstance(event, UnknownEvent)
    assert event.type == ""
    assert to_dict(event.request)["events"] == [{"id": "e-1", "timestamp_ms": 1}]


def test_an_unknown_event_leaves_the_others_alone(event_request: Read) -> None:
    events = event_request(events=[{"type": "teleport"}, {"type": "custom_event", "name": "n"}])
    assert [type(event) for event in events.events] == [UnknownEvent, CustomEvent]


def test_an_unknown_notification_is_kept(event_request: Read) -> None:
    sent = {"type": "weather", "degrees": 20}
    notification = event_request(system_notifications=[sent]).system_notifications[0]
    assert isinstance(notification, UnknownNotification)
    assert (notification.type, notification.unknown_fields) == ("weather", {"degrees": 20})
    assert to_dict(notification.request)["system_notifications"] == [sent]


def test_an_unknown_platform_has_the_generic_fields(event_request: Read) -> None:
    sent = {"type": "fridge", "brand": "Cool", "doors": 2, "screen_dpi": "90"}
    runtime = event_request(runtime_environment=sent).runtime_environment
    assert isinstance(runtime, UnknownRuntimeEnvironment)
    assert (runtime.type, runtime.brand, runtime.screen_dpi) == ("fridge", "Cool", 90)
    assert runtime.unknown_fields == {"doors": 2}


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("smarttv", SmartTVRuntimeEnvironment),
        ("alexa", AlexaRuntimeEnvironment),
        ("samsungtv", SamsungTVRuntimeEnvironment),
    ],
)
def test_televisions_and_alexa_keep_their_type(
    kind: str, expected: type[GenericRuntimeEnvironment], event_request: Read
) -> None:
    request = event_request(runtime_environment={"type": kind, "brand": "b"})
    assert type(request.runtime_environment) is expected
    assert to_dict(request)["runtime_environment"]["type"] == kind


def test_the_tizen_advertising_id_is_known(event_request: Read) -> None:
    identity = {"type": "tizen_advertising_id", "encoding": "raw", "value": "t"}
    runtime = event_request(
        runtime_environment={"type": "samsungtv", "identities": [identity]}
    ).runtime_environment
    assert runtime
    assert runtime.identities[0].type.is_known


def test_an_unknown_word_is_kept_as_text(event_request: Read) -> None:
    event = event_request(events=[{"type": "product_action", "action": "gift_wrap"}]).events[0]
    assert isinstance(event, ProductActionEvent)
    assert event.action == "gift_wrap"
    assert isinstance(event.action, ProductAction)
    assert not event.action.is_known
    assert to_dict(event.request)["events"][0]["action"] == "gift_wrap"
    assert "gift_wrap" not in list(ProductAction)


def test_dsr_extensions_and_new_identity_types_are_kept() -> None:
    sent = {
        "type": "dsr_processing_request", "id": "", "timestamp_ms": 1,
        "subject_identities": {"other6": {"encoding": "raw", "value": "v"}},
        "extensions": {"opendsr.mparticle.com": {"skip_waiting_period": True, "empty": None}},
    }  # fmt: skip
    request = decode(sent)
    assert isinstance(request, DsrProcessingRequest)
    assert request.extensions == sent["extensions"]
    assert "skip_waiting_period" not in repr(request)
    out = to_dict(request)
    assert out["extensions"] == sent["extensions"]
    assert out["subject_identities"] == sent["subject_identities"]
