"""Messages as objects: their text, their lists, their way back to the batch, and their end."""

from __future__ import annotations

import gc
import json
import time
from typing import Any

import pytest
from msgspec.structs import fields

from firehose import (
    AudienceMembershipChangeRequest,
    CustomEvent,
    Encoding,
    EventProcessingRequest,
    EventType,
    Location,
    ModuleRegistrationResponse,
    OpenDsrIdentityType,
    PartnerIdentity,
    PartnerIdentityPermission,
    ProductAction,
    Secret,
    TextSetting,
    UserIdentityType,
    decode,
    to_dict,
)
from tests.firehose.conftest import Read


def test_messages_with_and_without_unknown_fields_differ() -> None:
    plain = {"type": "dsr_processing_response", "id": "", "timestamp_ms": 1}
    assert decode(plain) == decode(plain)
    assert decode(plain) != decode(plain | {"new": 1})
    assert decode(plain | {"new": 1}) != decode(plain)
    assert decode(plain | {"new": 1}) != decode(plain | {"new": 2})


def test_messages_differ_by_their_fields_and_not_by_who_asked_for_unknown_ones() -> None:
    location, other, same = Location(latitude=1), Location(latitude=2), Location(latitude=1)
    assert location != other
    assert location.unknown_fields == {}
    assert location == same
    assert same == location
    assert location != "location"


def test_new_message_has_the_time_in_milliseconds() -> None:
    before = time.time() * 1_000 - 1
    assert before <= CustomEvent().timestamp_ms <= time.time() * 1_000


@pytest.mark.parametrize(
    ("model", "fields", "text"),
    [
        (ModuleRegistrationResponse, {"name": "", "version": "1"}, "a name and a version"),
        (ModuleRegistrationResponse, {"name": "Acme", "version": ""}, "a name and a version"),
        (TextSetting, {"id": "", "name": "A"}, "an id and a name"),
        (TextSetting, {"id": "a", "name": ""}, "an id and a name"),
        (PartnerIdentity, {"type": "", "value": Secret("x")}, "a type and a value"),
        (PartnerIdentity, {"type": "Acme_Id", "value": Secret("")}, "a type and a value"),
        (PartnerIdentityPermission, {"type": ""}, "a type"),
    ],
)
def test_part_without_what_it_is_known_by_is_refused(
    model: Any, fields: dict[str, Any], text: str
) -> None:
    encoding = {"encoding": Encoding.RAW} if "type" in fields else {}
    with pytest.raises(ValueError, match=f"needs {text}$"):
        model(**fields, **encoding)


def test_absent_profiles_differ_from_no_profiles() -> None:
    kind = {"type": "audience_membership_change_request"}
    absent, empty = decode(kind), decode(kind | {"user_profiles": []})
    assert isinstance(absent, AudienceMembershipChangeRequest)
    assert isinstance(empty, AudienceMembershipChangeRequest)
    assert absent.user_profiles is None
    assert empty.user_profiles == []


def test_dsr_identities_translate_to_event_identities() -> None:
    kinds = OpenDsrIdentityType
    assert kinds.CONTROLLER_CUSTOMER_ID.event_identity_type == "customer"
    assert kinds.ANDROID_ADVERTISING_ID.event_identity_type == "google_advertising_id"
    assert kinds.ROKU_PUBLISHER_ID.event_identity_type == "roku_publisher_id"
    assert all(kind.event_identity_type for kind in kinds)
    assert kinds("iris_scan").event_identity_type is None
    assert kinds.of_event_identity(UserIdentityType.CUSTOMER) is kinds.CONTROLLER_CUSTOMER_ID
    assert kinds.of_event_identity(UserIdentityType.FACEBOOK) is None


def test_words_are_found_in_maps_of_plain_text() -> None:
    assert {"purchase": 1, "gift_wrap": 2}[ProductAction.PURCHASE] == 1
    assert {"purchase": 1, "gift_wrap": 2}[ProductAction("gift_wrap")] == 2


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


def test_name_of_a_fields_type_is_the_same_in_every_process() -> None:
    (field,) = (it for it in fields(EventProcessingRequest) if it.name == "system_notifications")

    assert str(field.type).endswith("Otherwise(UnknownNotification)]]")
