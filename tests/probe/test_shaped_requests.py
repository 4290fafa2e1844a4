"""Good requests by a registration: what is registered is in them, and nothing else."""

from __future__ import annotations

import json

import pytest

from firehose import (
    DsrProcessingRegistration,
    Encoding,
    EventProcessingRegistration,
    EventType,
    ModuleRegistrationResponse,
    Permissions,
    RuntimeEnvironmentType,
    UserIdentityPermission,
    UserIdentityType,
    decode,
)
from probe.check_requests import request_named
from probe.fresh_ids import is_of_a_check
from probe.registered_types import BATCH, ERASURE, MEMBERSHIP, REGISTRATION
from probe.shaped_requests import shaped_requests

EVENTS = [EventType.SCREEN_VIEW, EventType.ATTRIBUTION, EventType.SESSION_START]
ON_ROKU = ModuleRegistrationResponse(
    name="Acme",
    version="1",
    permissions=Permissions(
        user_identities=[
            UserIdentityPermission(
                type=UserIdentityType.OTHER9, encoding=Encoding.SHA256, required=True
            )
        ]
    ),
    event_processing_registration=EventProcessingRegistration(
        supported_event_types=EVENTS,
        supported_runtime_environments=[RuntimeEnvironmentType.ROKU],
    ),
    dsr_processing_registration=DsrProcessingRegistration(),
)


def test_batch_has_an_event_of_each_registered_kind_in_the_order_of_time() -> None:
    batch = shaped_requests(ON_ROKU)(BATCH)

    moments = [event["timestamp_ms"] for event in batch["events"]]
    assert sorted(event["type"] for event in batch["events"]) == sorted(map(str, EVENTS))
    assert moments == sorted(moments)
    assert batch["runtime_environment"]["type"] == "roku"
    assert [(it["type"], it["encoding"]) for it in batch["user_identities"]] == [
        ("other9", "sha256")
    ]
    decode(json.dumps(batch), strict=True)


@pytest.mark.parametrize("name", [BATCH, ERASURE])
def test_every_request_is_new_to_an_endpoint_and_known_as_a_checks(name: str) -> None:
    make = shaped_requests(ON_ROKU)

    first, second = make(name), make(name)

    assert first["id"] != second["id"]
    assert is_of_a_check(first["id"])
    first_ids = {event["id"] for event in first.get("events", ())}
    assert first_ids.isdisjoint(event["id"] for event in second.get("events", ()))


@pytest.mark.parametrize("name", [REGISTRATION, MEMBERSHIP])
def test_what_would_not_be_sent_by_the_registration_is_our_own(name: str) -> None:
    assert shaped_requests(ON_ROKU)(name).keys() == request_named(name).keys()


def test_without_a_registration_every_request_is_our_own() -> None:
    assert shaped_requests(None)(BATCH)["events"][0]["type"] == "session_start"
