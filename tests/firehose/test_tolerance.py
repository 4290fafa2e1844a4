"""What mParticle may add or change later, and how an odd message is read."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from firehose import (
    AlexaRuntimeEnvironment,
    AudienceMembershipChangeRequest,
    CustomEvent,
    DsrProcessingRequest,
    EventProcessingRequest,
    EventType,
    GenericRuntimeEnvironment,
    InvalidMessage,
    OpenDsrIdentityType,
    ProductAction,
    ProductActionEvent,
    SamsungTVRuntimeEnvironment,
    SmartTVRuntimeEnvironment,
    UnknownEvent,
    UnknownNotification,
    UnknownRuntimeEnvironment,
    UserAttributeChangeEvent,
    UserIdentityType,
    WebRuntimeEnvironment,
    decode,
    encode,
    to_dict,
)

UUID = "0a8e6a3c-3f2b-4c55-9b0e-6f3c1d2e4b5a"
Read = Callable[..., EventProcessingRequest]


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


def test_unknown_numbers_keep_their_digits_when_read_from_bytes() -> None:
    raw = b'{"type":"dsr_processing_response","amount":1.10,"id":"","timestamp_ms":0}'
    message = decode(raw)
    assert message.unknown_fields == {"amount": Decimal("1.10")}
    assert b'"amount":1.10' in encode(message)


def test_messages_with_and_without_unknown_fields_differ() -> None:
    plain = {"type": "dsr_processing_response", "id": "", "timestamp_ms": 1}
    assert decode(plain) == decode(plain)
    assert decode(plain) != decode(plain | {"new": 1})


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


@pytest.mark.parametrize("fields", [{}, {"events": None}, {"events": [None, None]}])
def test_missing_or_null_events_are_no_events(fields: dict[str, Any], event_request: Read) -> None:
    assert event_request(**fields).events == []


def test_null_lists_and_maps_are_empty(event_request: Read) -> None:
    request = event_request(user_identities=None, user_attributes=None, system_notifications=None)
    assert request.user_identities == []
    assert request.user_attributes == {}
    assert request.system_notifications == []


def test_absent_profiles_differ_from_no_profiles() -> None:
    kind = {"type": "audience_membership_change_request"}
    absent, empty = decode(kind), decode(kind | {"user_profiles": []})
    assert isinstance(absent, AudienceMembershipChangeRequest)
    assert isinstance(empty, AudienceMembershipChangeRequest)
    assert absent.user_profiles is None
    assert empty.user_profiles == []


def test_64_bit_and_longer_integers_are_exact() -> None:
    request = decode(
        b'{"type":"event_processing_request","mpid":-9223372036854775808,"account":'
        b'{"account_id":123456789012345678901234567890},"events":'
        b'[{"type":"session_start","session_id":9223372036854775807}]}'
    )
    assert isinstance(request, EventProcessingRequest)
    assert request.mpid == "-9223372036854775808"
    assert request.account
    assert request.account.account_id == 123456789012345678901234567890
    assert request.events[0].session_id == 9223372036854775807


def test_amounts_from_a_parsed_dict_have_the_digits_that_were_sent(event_request: Read) -> None:
    event = event_request(events=[{"type": "product_action", "total_amount": 0.1}]).events[0]
    assert isinstance(event, ProductActionEvent)
    assert event.total_amount == Decimal("0.1")


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


def test_dsr_identities_translate_to_event_identities() -> None:
    kinds = OpenDsrIdentityType
    assert kinds.CONTROLLER_CUSTOMER_ID.event_identity_type == "customer"
    assert kinds.ANDROID_ADVERTISING_ID.event_identity_type == "google_advertising_id"
    assert kinds.ROKU_PUBLISHER_ID.event_identity_type == "roku_publisher_id"
    assert all(kind.event_identity_type for kind in kinds)
    assert kinds("iris_scan").event_identity_type is None
    assert kinds.of_event_identity(UserIdentityType.CUSTOMER) is kinds.CONTROLLER_CUSTOMER_ID
    assert kinds.of_event_identity(UserIdentityType.FACEBOOK) is None


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


@pytest.mark.parametrize("extensions", [[["a", "b"]], [], "", 5])
def test_extensions_that_are_no_object_are_refused(extensions: Any) -> None:
    sent = {"type": "dsr_processing_request", "extensions": extensions}
    if extensions == "":
        assert getattr(decode(sent), "extensions", 1) is None
        return
    with pytest.raises(InvalidMessage, match=r"^\$\.extensions: expected an object"):
        decode(sent)


def _with_amount(amount: str) -> str:
    return (
        '{"type":"event_processing_request","events":'
        f'[{{"type":"product_action","total_amount":{amount}}}]}}'
    )


@pytest.mark.parametrize(
    ("amount", "number"),
    [("0.10", "0.10"), ('" 7 "', "7"), ('"-.5e3"', "-5E+2"), ("1e308", "1E+308"), ("3", "3")],
)
def test_an_amount_is_an_exact_number_or_its_text(amount: str, number: str) -> None:
    raw = _with_amount(amount)
    for sent in (raw, raw.replace("events", 'new_field":1,"events')):
        request = decode(sent)
        assert isinstance(request, EventProcessingRequest)
        (event,) = request.events
        assert isinstance(event, ProductActionEvent)
        assert str(event.total_amount) == number
        assert json.loads(encode(request))["events"][0]["total_amount"] == float(number)


@pytest.mark.parametrize(
    "amount",
    [
        '"NaN"', '"-Infinity"', '"sNaN"', '"nan12"', "1E+999999999", "1e-999999999", '"1e309"',
        '"1_000"', '"٣"', '"1,5"', '"0x1"', '"+"', "true", "[]", f'"{"1" * 1_001}"', "9" * 310,
    ],
)  # fmt: skip
def test_an_amount_that_is_no_number_of_its_size_is_refused(amount: str) -> None:
    raw = _with_amount(amount)
    for sent in (raw, raw.replace("events", 'new_field":1,"events')):
        with pytest.raises(InvalidMessage) as refusal:
            decode(sent)
        assert refusal.value.path == "$.events[0].total_amount"


@pytest.mark.parametrize("amount", [float("nan"), float("inf"), -float("inf"), Decimal("sNaN")])
def test_a_parsed_amount_that_is_not_finite_is_refused(amount: float, event_request: Read) -> None:
    with pytest.raises(InvalidMessage, match=r"total_amount: expected a number"):
        event_request(events=[{"type": "product_action", "total_amount": amount}])


@pytest.mark.parametrize("number", ["1e30", "1e3999", "1" * 31, "-" + "9" * 300, '"1_000"',
    f'"{"1" * 31}"', '"1e3"', "-1E+999999999", '"+"'])  # fmt: skip
@pytest.mark.parametrize("field", ["account_id", "session_id"])
def test_a_whole_number_of_more_than_30_digits_is_refused(field: str, number: str) -> None:
    raw = {
        "account_id": f'"account":{{"account_id":{number}}}',
        "session_id": f'"events":[{{"type":"session_end","session_id":{number}}}]',
    }[field]
    for strict in (False, True):
        with pytest.raises(InvalidMessage, match=rf"{field}: expected a whole number"):
            decode(f'{{"type":"event_processing_request","id":"{UUID}","firehose_version":"3",'
                f'"timestamp_ms":1,{raw}}}', strict=strict)  # fmt: skip


_EVENT = f'"id":"{UUID}","timestamp_ms":1'


@pytest.mark.parametrize("number", ["1E+400", "-1E+400", "1e308", "1" * 31, '"1_000"',
    '" "', '"1E+400"', "1.5", "true", '"NaN"'])  # fmt: skip
@pytest.mark.parametrize(
    "field",
    [
        '"timestamp_ms":{}', '"account":{{"account_id":{}}}',
        f'"events":[{{{{"type":"product_action",{_EVENT},"total_amount":{{}}}}}}]',
        f'"events":[{{{{"type":"session_end",{_EVENT},"session_length_ms":{{}}}}}}]',
        f'"events":[{{{{"type":"custom_event",{_EVENT},"location":{{{{"latitude":{{}}}}}}}}}}]',
    ],
)  # fmt: skip
def test_bytes_and_the_parsed_dict_are_decided_alike(field: str, number: str) -> None:
    raw = f'{{"type":"event_processing_request",{_EVENT},{field.format(number)}}}'
    assert _decided(raw.encode()) == _decided(json.loads(raw))


def _decided(data: bytes | dict[str, Any]) -> object:
    try:
        return encode(decode(data))
    except InvalidMessage as refusal:
        return refusal.path


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
        return {"type": "dsr_processing_request", "id": UUID, "timestamp_ms": 1} | content

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


def test_words_are_found_in_maps_of_plain_text() -> None:
    assert {"purchase": 1, "gift_wrap": 2}[ProductAction.PURCHASE] == 1
    assert {"purchase": 1, "gift_wrap": 2}[ProductAction("gift_wrap")] == 2


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


def test_lists_can_be_changed(event_request: Read) -> None:
    request = event_request()
    identity = {"type": "email", "encoding": "raw", "value": "v"}
    request.user_identities.extend(event_request(user_identities=[identity]).user_identities)
    assert to_dict(request)["user_identities"] == [identity]
    assert event_request().user_identities == []


def test_repr_and_comparison_do_not_follow_the_way_back(event_request: Read) -> None:
    request, same = (
        event_request(
            timestamp_ms=1, events=[{"type": "session_end", "id": "e", "timestamp_ms": 1}]
        )
        for _ in "ab"
    )
    assert request.events[0].request is request
    assert request == same
    assert "request" not in repr(request.events[0])


@pytest.mark.parametrize("kind", [*sorted(EventType), "teleport"])
def test_a_batch_leaves_the_memory_when_nobody_needs_it(kind: str) -> None:
    sent = {"type": "event_processing_request", "events": [{"type": kind}]}
    gc.freeze()  # looks at no object of before

    for data in (sent, json.dumps(sent)):
        decode(data)
    gc.collect()
    alive = [type(thing) for thing in gc.get_objects()]
    gc.unfreeze()

    assert EventProcessingRequest not in alive


def test_an_event_outside_a_batch_has_no_request() -> None:
    with pytest.raises(AttributeError, match="CustomEvent belongs to no EventProcessingRequest"):
        _ = CustomEvent(name="n").request
