"""The input/output pairs that were verified against mParticle's Java SDK 3.2.0."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from firehose import (
    BooleanSetting,
    EventProcessingRegistration,
    EventProcessingRequest,
    FloatSetting,
    IntegerSetting,
    InvalidMessage,
    Model,
    ModuleRegistrationResponse,
    Permissions,
    TextSetting,
    decode,
    encode,
)
from firehose.writing import as_json_values

EVENTS = "event_processing_request"
Written = Callable[..., Any]


def test_an_absent_envelope_is_filled_in() -> None:
    message = decode('{"type":"module_registration_request"}')
    assert len(message.id) == 36
    assert message.timestamp_ms > 1_700_000_000_000
    assert message.firehose_version == "3.2.0"


def test_a_null_envelope_writes_nothing_but_the_zero_timestamp() -> None:
    raw = (
        '{"type":"module_registration_request","id":null,'
        '"timestamp_ms":null,"firehose_version":null}'
    )
    assert encode(decode(raw)) == b'{"type":"module_registration_request","timestamp_ms":0}'


def test_an_empty_id_is_left_out() -> None:
    assert b'"id"' not in encode(decode('{"type":"module_registration_request","id":""}'))


def test_type_may_stand_last() -> None:
    raw = '{"id":"0a8e6a3c-3f2b-4c55-9b0e-6f3c1d2e4b5a","type":"module_registration_request"}'
    assert decode(raw).type == "module_registration_request"


def test_an_upper_case_id_becomes_lower_case() -> None:
    raw = '{"id":"0A8E6A3C-3F2B-4C55-9B0E-6F3C1D2E4B5A","type":"module_registration_request"}'
    assert decode(raw).id == "0a8e6a3c-3f2b-4c55-9b0e-6f3c1d2e4b5a"


@pytest.mark.parametrize(("sent", "read"), [('"123"', 123), ("123.9", 123), ("1e3", 1000)])
def test_a_timestamp_of_another_form_is_read(sent: str, read: int) -> None:
    raw = f'{{"type":"module_registration_request","timestamp_ms":{sent}}}'
    assert decode(raw).timestamp_ms == read


@pytest.mark.parametrize(
    "raw",
    [
        '{"type":"MODULE_REGISTRATION_REQUEST"}',
        '{"type":"module_registration_request","id":"xyz"}',
        '{"id":"0a8e6a3c-3f2b-4c55-9b0e-6f3c1d2e4b5a"}',
        "",
        "[]",
        "null",
        "{'type':'module_registration_request'}",
        '{"type":"module_registration_request",}',
        '{"type":"module_registration_request","timestamp_ms":NaN}',
        '{"type":"module_registration_request","timestamp_ms":true}',
        '{"type":"module_registration_request","timestamp_ms":"5.0"}',
        '{"type":"event_processing_request","events":{}}',
        '{"type":"event_processing_request","mpid":[1]}',
        '{"type":"event_processing_request","user_attributes":{"a":{}}}',
        '{"type":"event_processing_request","runtime_environment":{"type":"ios","is_tablet":"no"}}',
        '{"type":"event_processing_request","runtime_environment":{"type":"ios","is_tablet":0.5}}',
        '{"type":"event_processing_request","user_identities":[{"type":"email","value":"x"}]}',
        '{"type":"dsr_processing_request","submitted_time":"2021-11-01T15:00:00"}',
    ],
)
def test_what_java_refuses_is_refused(raw: str) -> None:
    with pytest.raises(InvalidMessage):
        decode(raw)


@pytest.mark.parametrize("value", [None, ""])
def test_an_identity_without_value_is_refused(value: str | None) -> None:
    identity = {"type": "email", "encoding": "raw", "value": value}
    with pytest.raises(InvalidMessage) as refusal:
        decode({"type": EVENTS, "user_identities": [identity]})
    assert refusal.value.path == "$.user_identities[0]"


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"user_identities": [{"type": "new", "encoding": "raw", "value": "x"}]}, ".type"),
        ({"user_identities": [{"type": "email", "encoding": "rot13", "value": "x"}]}, ".encoding"),
    ],
)
def test_strict_reading_refuses_identity_words_that_java_refuses(
    fields: dict[str, Any], path: str
) -> None:
    with pytest.raises(InvalidMessage) as refusal:
        decode({"type": EVENTS} | fields, strict=True)
    assert refusal.value.path == f"$.user_identities[0]{path}"


@pytest.mark.parametrize(
    "fields",
    [
        {"subject_identities": {"mpid": {"encoding": "raw", "value": "1"}}},
        {"subject_identities": {"roku_publishing_id": {"encoding": "raw", "value": "1"}}},
        {"subject_identities": {"EMAIL": {"encoding": "raw", "value": "1"}}},
        {"subject_identities": {"email": {"encoding": "sha256", "value": "1"}}},
        {"subject_request_type": "access"},
        {"regulation": "lgpd"},
    ],
)
def test_strict_reading_refuses_dsr_words_that_java_refuses(fields: dict[str, Any]) -> None:
    with pytest.raises(InvalidMessage):
        decode({"type": "dsr_processing_request"} | fields, strict=True)


def test_strict_reading_knows_that_audiences_delete_and_subscriptions_remove() -> None:
    profile = {"audiences": [{"action": "remove"}]}
    with pytest.raises(InvalidMessage) as refusal:
        decode(
            {"type": "audience_membership_change_request", "user_profiles": [profile]}, strict=True
        )
    assert refusal.value.path == "$.user_profiles[0].audiences[0].action"


def test_empty_events_are_left_out(written: Written) -> None:
    assert written(type=EVENTS, events=[]) == {}


def test_attribute_values_become_text_and_empty_ones_disappear() -> None:
    raw = b"""{"type":"event_processing_request","events":[{"type":"custom_event","attributes":
        {"a":1,"b":true,"c":null,"d":"","e":1.50,"f":"x"}}]}"""
    event = json.loads(encode(decode(raw)))["events"][0]
    assert event["attributes"] == {"a": "1", "b": "true", "e": "1.50", "f": "x"}


def test_user_attribute_lists_keep_null_and_empty_elements(written: Written) -> None:
    assert written(
        type=EVENTS,
        user_attributes={"tag": None, "e": "", "n": 5},
        user_attribute_lists={"l": ["a", None, "", 5], "m": [], "z": None},
    ) == {"user_attributes": {"n": "5"}, "user_attribute_lists": {"l": ["a", None, "", "5"]}}


def test_an_identity_value_becomes_text(written: Written) -> None:
    identity = {"type": "email", "encoding": "raw", "value": 12}
    assert written(type=EVENTS, user_identities=[identity]) == {
        "user_identities": [{"type": "email", "encoding": "raw", "value": "12"}]
    }


@pytest.mark.parametrize(
    ("sent", "out"),
    [
        ({"type": "roku"}, {"type": "roku", "timezone_offset": 0}),
        (
            {"type": "ios"},
            {
                "type": "ios", "screen_height": 0, "screen_width": 0, "timezone_offset": 0,
                "att_timestamp_unixtime_ms": 0,
            },
        ),
        (
            {"type": "android", "is_debug": True, "is_tablet": False, "identities": []},
            {
                "type": "android", "is_debug": True, "screen_height": 0, "screen_width": 0,
                "screen_dpi": 0, "timezone_offset": 0, "is_tablet": False, "android_sdk_level": 0,
            },
        ),
        (
            {"type": "unknown"},
            {
                "type": "unknown", "screen_height": 0, "screen_width": 0, "screen_dpi": 0,
                "timezone_offset": 0,
            },
        ),
    ],
)  # fmt: skip
def test_runtime_environments_write_their_numbers(
    sent: dict[str, Any], out: dict[str, Any], written: Written
) -> None:
    assert written(type=EVENTS, runtime_environment=sent)["runtime_environment"] == out


def test_web_booleans_become_text(written: Written) -> None:
    runtime = {"type": "mobileweb", "is_dst": False, "limit_ad_tracking": True}
    out = written(type=EVENTS, runtime_environment=runtime)["runtime_environment"]
    assert (out["is_dst"], out["limit_ad_tracking"]) == ("false", "true")


def test_an_empty_location_is_written_with_zeros() -> None:
    event = {"type": "session_start", "session_id": -5, "location": {}}
    out = json.loads(encode(decode({"type": EVENTS, "events": [event]})))["events"][0]
    assert out["session_id"] == -5
    assert out["location"] == {"latitude": 0.0, "longitude": 0.0, "accuracy": 0.0}


def test_amounts_keep_their_digits() -> None:
    raw = b"""{"type":"event_processing_request","events":[{"type":"product_action",
        "total_amount":1.10,"tax_amount":0,"shipping_amount":1e5,
        "products":[{"price":"3.30","quantity":1.0}]}]}"""
    out = encode(decode(raw))
    assert b'"total_amount":1.10,"tax_amount":0,"shipping_amount":1E+5' in out
    assert b'"products":[{"position":0,"price":3.30,"quantity":1.0}]' in out


def test_a_promotion_position_is_text() -> None:
    event = {"type": "promotion_action", "promotions": [{"position": 3}]}
    out = json.loads(encode(decode({"type": EVENTS, "events": [event]})))
    assert out["events"][0]["promotions"] == [{"position": "3"}]


def test_notifications_are_completed(written: Written) -> None:
    notifications = [
        {"type": "ccpa_consent_state"},
        {"type": "gdpr_consent_state", "new_gdpr_consent_state": {}},
    ]
    assert written(type=EVENTS, system_notifications=notifications)["system_notifications"] == [
        {"type": "ccpa_consent_state", "purpose": "data_sale_opt_out"},
        {"type": "gdpr_consent_state", "new_gdpr_consent_state": {"consented": False}},
    ]


def test_platform_fields_write_their_ids(written: Written) -> None:
    assert written(type=EVENTS, platform_fields={}) == {
        "platform_fields": {"mp_account_id": 0, "workspace_id": 0}
    }


def test_an_empty_profile_stays_and_an_empty_audience_writes_its_id(written: Written) -> None:
    kind = "audience_membership_change_request"
    assert written(type=kind, user_profiles=[{}]) == {"user_profiles": [{}]}
    assert written(type=kind, user_profiles=[{"audiences": [{}]}]) == {
        "user_profiles": [{"audiences": [{"audience_id": 0}]}]
    }


def test_permissions_without_any_are_an_empty_object() -> None:
    assert as_json_values(Permissions()) == {}


COMMON = {"id": "a", "name": "b", "visible": True}


@pytest.mark.parametrize(
    ("part", "out"),
    [
        (
            TextSetting(id="a", name="b"),
            {"type": "text"} | COMMON | {"required": False, "confidential": False},
        ),
        (IntegerSetting(id="a", name="b"), {"type": "integer"} | COMMON | {"required": False}),
        (
            IntegerSetting(id="a", name="b", default_value=0, min_value=1, max_value=9),
            {"type": "integer"}
            | COMMON
            | {"default_value": 0, "min_value": 1, "max_value": 9, "required": False},
        ),
        (
            FloatSetting(id="a", name="b", default_value=0.0, min_value=1e10, max_value=0.1),
            {"type": "float"}
            | COMMON
            | {"default_value": 0.0, "min_value": 1e10, "max_value": 0.1, "required": False},
        ),
        (
            BooleanSetting(id="a", name="b"),
            {"type": "boolean"} | COMMON | {"default_value": False, "checked": False},
        ),
        (EventProcessingRegistration(), {"max_data_age_hours": 24}),
    ],
)
def test_registration_parts_are_written_in_order(part: Model, out: dict[str, Any]) -> None:
    assert list(as_json_values(part).items()) == list(out.items())


def test_the_least_registration_names_both_versions() -> None:
    out = json.loads(encode(ModuleRegistrationResponse(name="n", version="1")))
    assert list(out) == [
        "type", "id", "timestamp_ms", "firehose_version", "sdk_version", "name", "version",
    ]  # fmt: skip
    assert out["firehose_version"] == out["sdk_version"] == "3.2.0"


def test_empty_settings_of_an_answer_disappear(written: Written) -> None:
    settings = {"a": "", "b": None, "c": "x"}
    assert written(
        type="audience_subscription_response", audience_subscription_settings=settings
    ) == {"audience_subscription_settings": {"c": "x"}}


def test_default_answers_write_only_the_membership_flag(written: Written) -> None:
    assert written(type="event_processing_response") == {}
    assert written(type="audience_subscription_response") == {}
    assert written(type="dsr_processing_response") == {}
    assert written(type="audience_membership_change_response") == {"suspend_subscription": False}


@pytest.mark.parametrize(("word", "member"), [(" email ", "email"), ("customer", "customer")])
def test_words_are_trimmed(word: str, member: str) -> None:
    identity = {"type": word, "encoding": "raw", "value": " "}
    request = decode({"type": EVENTS, "user_identities": [identity]})
    assert isinstance(request, EventProcessingRequest)
    assert request.user_identities[0].type == member
