"""What mParticle's Java SDK 3.2.0 writes, verified against it: the same parts in the same form."""

from __future__ import annotations

import json
from typing import Any

import pytest

from firehose import (
    BooleanSetting,
    EventProcessingRegistration,
    FloatSetting,
    IntegerSetting,
    Model,
    ModuleRegistrationResponse,
    Permissions,
    TextSetting,
    decode,
    encode,
)
from firehose.writing import as_json_values
from tests.firehose.conftest import Written

EVENTS = "event_processing_request"


def test_an_empty_id_is_left_out() -> None:
    assert b'"id"' not in encode(decode('{"type":"module_registration_request","id":""}'))


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
