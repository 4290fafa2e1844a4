"""What mParticle passes on: by blocks, events, platforms, identities, fields and age."""

from __future__ import annotations

import hashlib
from itertools import islice
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firehose import (
    AudienceProcessingRegistration,
    DeviceIdentityPermission,
    DeviceIdentityType,
    Encoding,
    EventProcessingRegistration,
    EventType,
    ModuleRegistrationResponse,
    PartnerIdentityPermission,
    Permissions,
    RuntimeEnvironmentType,
    UserIdentityPermission,
    UserIdentityType,
)
from probe.endpoint_answer import Json
from probe.sample_messages import SampleKind, sample_messages
from probe.sample_shape import SampleShape
from probe.sender_filter import SenderFilter

NOW_MS, HOUR_MS = 1_767_225_600_000, 3_600_000
EMAIL = {"type": "email", "encoding": "raw", "value": " Jo@Example.com "}
HASHED = hashlib.sha256(b"jo@example.com").hexdigest()


def passed(message: Json, *, events: Any = (EventType.CUSTOM_EVENT,), **asked: Any) -> Json | None:
    """Filter a message by a registration of custom events on iOS and audiences."""
    hours = asked.pop("max_data_age_hours", 24)
    registration = ModuleRegistrationResponse(
        name="Acme",
        version="1",
        permissions=Permissions(**asked),
        event_processing_registration=EventProcessingRegistration(
            supported_event_types=list(events),
            supported_runtime_environments=[RuntimeEnvironmentType.IOS],
            max_data_age_hours=hours,
        ),
        audience_processing_registration=AudienceProcessingRegistration(),
    )
    return SenderFilter.of(registration).passed(message)


def batch(**content: Any) -> Json:
    return {
        "type": "event_processing_request",
        "timestamp_ms": NOW_MS,
        "mpid": "1",
        "runtime_environment": {"type": "ios"},
        "events": [{"type": "custom_event", "timestamp_ms": NOW_MS}],
        **content,
    }


def email(**facts: Any) -> list[UserIdentityPermission]:
    chosen = {"type": UserIdentityType.EMAIL, "encoding": Encoding.SHA256, **facts}
    return [UserIdentityPermission(**chosen)]


def test_events_of_other_types_are_left_out_and_a_batch_of_them_alone_is_not_sent() -> None:
    other = {"type": "session_start", "timestamp_ms": NOW_MS}
    custom = batch()["events"][0]

    kept = passed(batch(events=[other, custom]))

    assert kept
    assert kept["events"] == [custom]
    assert passed(batch(events=[other])) is None
    assert passed(batch(events=[other]), allow_eventless_batches=True)


@pytest.mark.parametrize(
    "message",
    [
        {"type": "dsr_processing_request"},
        batch(runtime_environment={"type": "roku"}),
    ],
)
def test_block_or_platform_that_is_not_registered_is_not_sent(message: Json) -> None:
    assert passed(message) is None


@pytest.mark.parametrize("allowed", [True, False])
def test_kinds_are_those_of_the_registered_families(*, allowed: bool) -> None:
    registration = ModuleRegistrationResponse(
        name="Acme",
        version="1",
        permissions=Permissions(allow_eventless_batches=allowed),
        event_processing_registration=EventProcessingRegistration(),
    )

    assert set(SenderFilter.of(registration).kinds) == {
        SampleKind.REGISTRATION,
        SampleKind.EVENTS,
        SampleKind.EVENTS_IDLE,
        *([SampleKind.EVENTLESS] if allowed else []),
    }


def test_everybody_that_is_made_up_has_a_required_user_identity() -> None:
    permissions = [
        UserIdentityPermission(
            type=kind, encoding=Encoding.RAW, required=kind is UserIdentityType.EMAIL
        )
        for kind in UserIdentityType
    ]
    registration = ModuleRegistrationResponse(
        name="Acme",
        version="1",
        permissions=Permissions(user_identities=permissions),
        audience_processing_registration=AudienceProcessingRegistration(),
    )
    shape = SampleShape.of(registration)

    for message in islice(sample_messages([SampleKind.MEMBERSHIP], seed=1, shape=shape), 20):
        assert SenderFilter.of(registration).passed(message) == message


def test_check_of_the_endpoint_is_always_sent() -> None:
    idle = {"type": "event_processing_request", "account": {"account_id": 1}, "events": []}
    other = {"type": "audience_membership_change_request", "account": {"account_id": 1}}

    assert (passed(idle), passed(other)) == (idle, other)


@pytest.mark.parametrize(("hours", "is_sent"), [(24, True), (2, False), (-1, True), (0, False)])
def test_events_that_are_too_old_are_left_out(hours: int, is_sent: bool) -> None:
    old = {"type": "custom_event", "timestamp_ms": NOW_MS - 3 * HOUR_MS}

    kept = passed(batch(events=[old]), max_data_age_hours=hours)

    assert (kept is not None) == is_sent


def test_identities_are_those_permitted_hashed_as_asked_after_trimming_and_lower_case() -> None:
    phone = {"type": "mobile_number", "encoding": "raw", "value": "+12025550100"}

    kept = passed(batch(user_identities=[EMAIL, phone]), user_identities=email())

    assert kept
    assert kept["user_identities"] == [{"type": "email", "encoding": "sha256", "value": HASHED}]


def test_hash_of_another_kind_cannot_be_turned_into_the_one_asked_for() -> None:
    md5 = {"type": "email", "encoding": "md5", "value": "0" * 32}
    as_asked = {"type": "email", "encoding": "sha256", "value": HASHED}

    kept = passed(batch(user_identities=[md5, as_asked]), user_identities=email())

    assert kept
    assert kept["user_identities"] == [as_asked]


def test_of_several_required_identities_one_is_enough() -> None:
    devices = [
        DeviceIdentityPermission(
            type=DeviceIdentityType.IOS_VENDOR_ID, encoding=Encoding.RAW, required=True
        )
    ]
    vendor = {"type": "ios_vendor_id", "encoding": "raw", "value": "v"}
    asked = {"user_identities": email(required=True), "device_identities": devices}

    assert passed(batch(), **asked) is None
    assert passed(batch(user_identities=[EMAIL]), **asked)
    assert passed(batch(runtime_environment={"type": "ios", "identities": [vendor]}), **asked)


def test_profiles_without_a_required_identity_are_left_out_of_a_membership_change() -> None:
    known = {"user_identities": [EMAIL], "audiences": []}
    message = {
        "type": "audience_membership_change_request",
        "user_profiles": [{"audiences": []}, known],
    }

    kept = passed(message, user_identities=email(required=True))
    none = passed(
        message | {"user_profiles": [{"audiences": []}]}, user_identities=email(required=True)
    )

    assert kept
    assert [it["user_identities"][0]["value"] for it in kept["user_profiles"]] == [HASHED]
    assert none is None


def test_identity_change_without_a_permitted_identity_is_no_event_any_more() -> None:
    change = {"type": "user_identity_change", "timestamp_ms": NOW_MS, "added": [EMAIL]}
    events = (EventType.USER_IDENTITY_CHANGE,)

    kept = passed(batch(events=[change]), events=events, user_identities=email())
    others = email(type=UserIdentityType.CUSTOMER)

    assert kept
    assert kept["events"][0]["added"][0]["value"] == HASHED
    assert passed(batch(events=[change]), events=events, user_identities=others) is None


def test_partner_identity_is_the_one_that_is_registered() -> None:
    named = [PartnerIdentityPermission(type="Acme_Id", encoding=Encoding.RAW)]
    identities = [{"type": name, "encoding": "raw", "value": "1"} for name in ("Acme_Id", "Other")]

    kept = passed(batch(partner_identities=identities), partner_identities=named)

    assert kept
    assert [it["type"] for it in kept["partner_identities"]] == ["Acme_Id"]


@given(seed=st.integers(0, 2**32))
def test_fields_without_permission_are_left_out_and_the_rest_stays(seed: int) -> None:
    kinds = [SampleKind.EVENTS, SampleKind.MEMBERSHIP]
    for message in islice(sample_messages(kinds, seed=seed), 4):
        kept = passed(message, events=tuple(EventType), allow_access_mpid=True)
        if kept is None:
            continue
        assert kept.get("mpid") == message.get("mpid")
        assert not {"consent_state", "device_application_stamp", "user_attributes"} & kept.keys()
        assert passed(kept, events=tuple(EventType), allow_access_mpid=True) == kept
