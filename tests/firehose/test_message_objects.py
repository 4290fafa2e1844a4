"""Messages as objects: their text, their lists, their way back to the batch, and their end."""

from __future__ import annotations

import gc
import json

import pytest

from firehose import (
    AudienceMembershipChangeRequest,
    CustomEvent,
    EventProcessingRequest,
    EventType,
    OpenDsrIdentityType,
    ProductAction,
    UserIdentityType,
    decode,
    to_dict,
)
from tests.firehose.conftest import Read


def test_messages_with_and_without_unknown_fields_differ() -> None:
    plain = {"type": "dsr_processing_response", "id": "", "timestamp_ms": 1}
    assert decode(plain) == decode(plain)
    assert decode(plain) != decode(plain | {"new": 1})


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
