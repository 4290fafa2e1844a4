"""The shape of made-up messages: what a registration asks for, and what a reader may not know."""

from __future__ import annotations

from itertools import islice

from firehose import (
    DeviceIdentityPermission,
    DeviceIdentityType,
    Encoding,
    EventProcessingRegistration,
    EventType,
    ModuleRegistrationResponse,
    Permissions,
    RuntimeEnvironmentType,
    TextSetting,
    UserIdentityPermission,
    UserIdentityType,
    decode,
)
from probe.sample_messages import SampleKind, sample_messages
from probe.sample_shape import NEWER_WORDS, SampleShape
from tests.probe.made_up import ENOUGH, words


def test_settings_of_the_account_are_those_given() -> None:
    made = islice(
        sample_messages(
            [SampleKind.EVENTS], seed=1, shape=SampleShape(settings={"token": "canary-1"})
        ),
        1,
    )

    assert next(made)["account"]["account_settings"] == {"token": "canary-1"}


def test_what_the_java_sdk_cannot_read_is_not_made_unless_asked_for() -> None:
    made = list(islice(sample_messages(list(SampleKind), seed=1), ENOUGH * len(SampleKind)))
    changes = [
        event
        for message in made
        for event in message.get("events", ())
        if event["type"] == "user_attribute_change"
    ]

    assert not NEWER_WORDS & set(words(made))
    assert changes
    assert all(isinstance(it, str) for event in changes for it in event["added"].values())


def test_shape_of_a_registration_gives_what_mparticle_sends_that_integration() -> None:
    registration = ModuleRegistrationResponse(
        name="Acme",
        version="1",
        permissions=Permissions(
            user_identities=[
                UserIdentityPermission(type=UserIdentityType.EMAIL, encoding=Encoding.SHA256)
            ],
            device_identities=[
                DeviceIdentityPermission(
                    type=DeviceIdentityType.IOS_VENDOR_ID, encoding=Encoding.MD5
                )
            ],
            allow_access_mpid=True,
        ),
        event_processing_registration=EventProcessingRegistration(
            account_settings=[TextSetting(id="key", name="Key", default_value="canary")],
            supported_event_types=[EventType.CUSTOM_EVENT, EventType.USER_ATTRIBUTE_CHANGE],
            supported_runtime_environments=[RuntimeEnvironmentType.IOS],
        ),
    )

    kinds = [SampleKind.EVENTS, SampleKind.MEMBERSHIP]
    made = list(islice(sample_messages(kinds, seed=1, shape=SampleShape.of(registration)), 100))
    batches, memberships = made[::2], made[1::2]
    profiles = [it for message in memberships for it in message["user_profiles"]]
    devices = [batch["runtime_environment"] for batch in batches]
    identities = [it for holder in (*batches, *profiles) for it in holder["user_identities"]]

    assert {event["type"] for batch in batches for event in batch["events"]} == {"custom_event"}
    assert {device["type"] for device in devices} == {"ios"}
    assert not any("brand" in device or "client_ip_address" in device for device in devices)
    assert {(it["type"], it["encoding"]) for it in identities} == {("email", "sha256")}
    assert {
        (it["type"], it["encoding"])
        for holder in (*devices, *profiles)
        for it in holder.get("identities", holder.get("device_identities", ()))
    } == {("ios_vendor_id", "md5")}
    assert all("mpid" in batch and "consent_state" not in batch for batch in batches)
    assert all(batch["account"]["account_settings"] == {"key": "canary"} for batch in batches)
    for message in made:
        decode(message, strict=True)
