"""What the service is told: who, what, and how the customer wants it treated."""

from __future__ import annotations

import json
from typing import Any

import pytest

from acme import Acme
from local.stand_in import StandIn
from tests.acme.messages import request, with_settings

EVENT = {"id": "5d0c2c44-8a50-4c4c-b1d1-9a8f7d6e5c4b", "timestamp_ms": 1_700_000_000_001}


def told(integration: Acme, partner: StandIn, name: str, **changes: Any) -> Any:
    integration.process(request(name, **changes))
    return json.loads(partner.received[-1].body)


def test_batch_says_who_it_is_about(integration: Acme, partner: StandIn) -> None:
    content = told(
        integration,
        partner,
        "event_processing_request",
        mpid="-9",
        user_identities=[{"type": "email", "encoding": "sha256", "value": "9f86"}],
        partner_identities=[{"type": "Acme_UserId", "encoding": "raw", "value": "u-1"}],
        user_attributes={"plan": "gold", "tag": None},
        user_attribute_lists={"teams": ["red", "blue"]},
        consent_state={
            "gdpr_consent_state": {"ads": {"consented": True}},
            "ccpa_consent_state": {"data_sale_opt_out": {"consented": False}},
        },
        runtime_environment={
            "type": "android",
            "identities": [{"type": "android_id", "encoding": "raw", "value": "d-1"}],
        },
    )

    assert content["account"] == 1001
    assert content["user"] == {
        "mpid": "-9",
        "identities": [
            {"type": "email", "encoding": "sha256", "value": "9f86"},
            {"type": "Acme_UserId", "encoding": "raw", "value": "u-1"},
        ],
        "attributes": {"plan": "gold", "tag": None, "teams": ["red", "blue"]},
        "consent": {"gdpr": {"ads": True}, "ccpa": {"data_sale_opt_out": False}},
    }
    assert content["device"] == {
        "platform": "android",
        "identities": [{"type": "android_id", "encoding": "raw", "value": "d-1"}],
    }


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"type": "session_start"}, {}),
        ({"type": "session_end", "session_length_ms": 7}, {"lasted_ms": 7}),
        (
            {"type": "screen_view", "screen_name": "Home", "attributes": {"a": "b"}},
            {"name": "Home", "attributes": {"a": "b"}},
        ),
        (
            {"type": "custom_event", "name": "Done", "attributes": {"n": "1"}},
            {"name": "Done", "attributes": {"n": "1"}},
        ),
        (
            {
                "type": "product_action",
                "action": "purchase",
                "transaction_id": "t-9",
                "total_amount": 70.10,
                "currency_code": "NOK",
                "products": [{"id": "p", "name": "Book", "price": 35.05, "quantity": 2}],
            },
            {
                "name": "purchase",
                "attributes": {},
                "order": "t-9",
                "total": 70.10,
                "currency": "NOK",
                "products": [{"id": "p", "name": "Book", "price": 35.05, "quantity": 2}],
            },
        ),
        (
            {"type": "user_attribute_change", "added": {"a": "1"}, "removed": {"b": None}},
            {"set": {"a": "1"}, "removed": ["b"]},
        ),
        (
            {
                "type": "user_identity_change",
                "added": [{"type": "email", "encoding": "raw", "value": "x"}],
            },
            {"added": [{"type": "email", "encoding": "raw", "value": "x"}], "removed": []},
        ),
        ({"type": "newer_than_this", "x": 1}, {}),
    ],
    ids=lambda event: event.get("type", ""),
)
def test_event_says_what_happened(
    sent: dict[str, Any],
    expected: dict[str, Any],
    integration: Acme,
    partner: StandIn,
) -> None:
    session = {"session_id": -(2**63)}
    content = told(
        integration, partner, "event_processing_request", events=[EVENT | session | sent]
    )

    assert content["events"] == [
        {
            "id": EVENT["id"],
            "kind": sent["type"],
            "at_ms": EVENT["timestamp_ms"],
            "session": -(2**63),
            "place": None,
        }
        | expected
    ]


def test_customers_settings_say_how_events_are_treated(integration: Acme, partner: StandIn) -> None:
    place = {"location": {"latitude": 59.9, "longitude": 10.7}}
    events = [EVENT | place | {"type": "session_start"}]
    settings = {"project": "school", "keepDays": "30", "weight": "2.5", "sendLocation": "true"}
    chosen = told(
        integration,
        partner,
        "event_processing_request",
        events=events,
        account=with_settings(settings),
    )
    left_out = told(
        integration, partner, "event_processing_request", events=events, account=with_settings({})
    )

    assert (chosen["project"], chosen["keep_days"], chosen["weight"]) == ("school", 30, 2.5)
    assert chosen["events"][0]["place"] == [59.9, 10.7]
    assert (left_out["project"], left_out["keep_days"], left_out["weight"]) == ("main", 365, 1.0)
    assert left_out["events"][0]["place"] is None


def test_changes_of_consent_are_told(integration: Acme, partner: StandIn) -> None:
    content = told(
        integration,
        partner,
        "event_processing_request",
        system_notifications=[
            {
                "type": "gdpr_consent_state",
                "purpose": "ads",
                "new_gdpr_consent_state": {"consented": True},
            },
            {"type": "ccpa_consent_state", "old_ccpa_consent_state": {"consented": True}},
            {"type": "lgpd_consent_state"},
        ],
    )

    assert content["consent_changes"] == [
        {"law": "gdpr", "purpose": "ads", "consented": True},
        {"law": "ccpa", "purpose": "data_sale_opt_out", "consented": None},
        {"law": "lgpd_consent_state"},
    ]


def test_membership_says_who_entered_left_or_changed(integration: Acme, partner: StandIn) -> None:
    profile = {
        "mpid": "5",
        "user_identities": [{"type": "customer", "encoding": "raw", "value": "c-1"}],
        "device_identities": [{"type": "ios_vendor_id", "encoding": "raw", "value": "d-1"}],
        "audiences": [
            {"audience_id": 1, "action": "add", "audience_subscription_settings": {"listId": "l"}},
            {"audience_id": 2, "action": "delete"},
            {
                "audience_id": 3,
                "action": "attribute_update",
                "user_attributes": [
                    {"key": "plan", "value": "gold", "action": "upsert"},
                    {"key": "teams", "list_value": ["a"], "action": "upsert"},
                    {},
                ],
            },
            {"audience_id": 4, "action": "paused"},
        ],
    }
    content = told(
        integration, partner, "audience_membership_change_request", user_profiles=[profile]
    )

    user = {
        "mpid": "5",
        "identities": [
            {"type": "customer", "encoding": "raw", "value": "c-1"},
            {"type": "ios_vendor_id", "encoding": "raw", "value": "d-1"},
        ],
    }
    changes = content["changes"]
    assert [change["user"] for change in changes] == [user] * 4
    assert [(one["audience"], one["list"], one["change"]) for one in changes] == [
        (1, "l", "entered"),
        (2, None, "left"),
        (3, None, "updated"),
        (4, None, "paused"),
    ]
    assert changes[2]["attributes"] == [
        {"name": "plan", "value": "gold", "action": "upsert"},
        {"name": "teams", "value": ["a"], "action": "upsert"},
    ]


def test_subscription_says_which_audience_and_what_became_of_it(
    integration: Acme, partner: StandIn
) -> None:
    content = told(
        integration,
        partner,
        "audience_subscription_request",
        audience_id=3_000_000_000,
        audience_name="Lapsed",
        audience_description="Bought nothing for a month",
        audience_subscription_settings={"listId": "l-7"},
        action="update",
    )

    assert content == {
        "id": content["id"],
        "account": 1001,
        "audience": 3_000_000_000,
        "list": "l-7",
        "name": "Lapsed",
        "description": "Bought nothing for a month",
        "action": "update",
    }


def test_erasure_names_the_subject_as_events_do(integration: Acme, partner: StandIn) -> None:
    content = told(
        integration,
        partner,
        "dsr_processing_request",
        subject_identities={
            "controller_customer_id": {"encoding": "raw", "value": "c-1"},
            "android_advertising_id": {"encoding": "raw", "value": "a-1"},
            "newer_id": {"encoding": "raw", "value": "n-1"},
        },
    )

    assert content["kind"] == "erasure"
    assert content["regulation"] == "gdpr"
    assert content["submitted"] == "2025-11-24T16:00:00Z"
    assert content["identities"] == [
        {"type": "customer", "encoding": "raw", "value": "c-1"},
        {"type": "google_advertising_id", "encoding": "raw", "value": "a-1"},
        {"type": "newer_id", "encoding": "raw", "value": "n-1"},
    ]


def test_half_an_emoji_is_passed_on_as_it_came(integration: Acme, partner: StandIn) -> None:
    event = EVENT | {"type": "product_action", "total_amount": 1.5, "transaction_id": "cut \ud83d"}

    content = told(integration, partner, "event_processing_request", events=[event])

    assert content["events"][0]["order"] == "cut \ud83d"
    assert content["events"][0]["total"] == 1.5
