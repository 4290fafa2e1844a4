"""The messages of the checks: what mParticle sends, new to every endpoint each time."""

from __future__ import annotations

import json
from typing import Any

import pytest

from firehose import InvalidMessage, decode
from probe import check_requests
from probe.endpoint_answer import as_bytes
from probe.message_checks import MESSAGE_CHECKS, QUICK_CHECKS
from probe.registered_types import BATCH, MAIN_TYPES
from workbench.contract.leak_check import IDENTITIES

ODD = {"unknown_field", "unknown_event_type", "unknown_enum_value", "oversize", "malformed"}
WRONG = {"wrong_type", "malformed"}
GOOD = [check for check in MESSAGE_CHECKS if check.name not in ODD | WRONG]


@pytest.mark.parametrize("check", GOOD, ids=lambda check: check.name)
def test_messages_that_an_endpoint_has_to_take_are_strictly_valid(check: Any) -> None:
    message = decode(check.request(BATCH), strict=True)

    assert message.type == (check.message_type or BATCH)


@pytest.mark.parametrize("name", sorted(ODD))
def test_odd_messages_are_refused_by_a_strict_reader_only(name: str) -> None:
    (check,) = (check for check in MESSAGE_CHECKS if check.name == name)
    request = check.request(BATCH)

    with pytest.raises(InvalidMessage):
        decode(request, strict=True)
    if name in WRONG:
        with pytest.raises(InvalidMessage):
            decode(request)
    else:
        decode(request)


@pytest.mark.parametrize("name", MAIN_TYPES)
def test_odd_messages_are_of_what_is_sent_most(name: str) -> None:
    """An integration without events gets its oddities, too."""
    for check in MESSAGE_CHECKS:
        if check.message_type is None and check.name not in WRONG:
            assert decode(check.request(name)).type == name
        elif check.message_type is None:
            with pytest.raises(InvalidMessage):
                strict_request(check.request(name))


def strict_request(request: dict[str, Any]) -> None:
    """Read what has to be a request."""
    if not decode(request).type.endswith("_request"):
        raise InvalidMessage("is no request")


def test_quick_ones_are_the_five_types_and_two_idle_requests_among_others() -> None:
    requests_made = [check.request(BATCH) for check in QUICK_CHECKS]
    types = {request["type"] for request in requests_made if request["type"].endswith("_request")}

    assert len(types) == 5
    assert [check.name for check in QUICK_CHECKS if check.name.endswith("_idle")] == [
        "event_processing_request_idle",
        "audience_membership_change_request_idle",
    ]
    assert len(QUICK_CHECKS) == 12


def test_idle_requests_have_the_shape_that_mparticle_sends() -> None:
    assert check_requests.request_named("event_processing_request_idle")["events"] == []
    membership = check_requests.request_named("audience_membership_change_request_idle")
    assert "user_profiles" not in membership


def test_no_id_is_ever_sent_twice() -> None:
    made = [check.request(BATCH) for check in (*MESSAGE_CHECKS, *MESSAGE_CHECKS)]
    ids = [request["id"] for request in made]
    events = [
        event["id"]
        for request in made
        for event in request.get("events", ())
        if isinstance(event, dict)
    ]
    erasures = [request["subject_request_id"] for request in made if "api_version" in request]

    for found in (ids, events, erasures):
        assert len(set(found)) == len(found) > 1


def test_sizes_are_mparticles_largest_and_one_that_no_queue_takes() -> None:
    assert len(as_bytes(check_requests.big_batch())) == 256 * 1024
    assert len(as_bytes(check_requests.oversize())) > 1024 * 1024 - 1024


def test_people_that_a_leak_is_looked_for_by_are_in_the_messages() -> None:
    text = json.dumps([check.request(BATCH) for check in QUICK_CHECKS])

    assert [identity for identity in IDENTITIES if identity not in text] == []
