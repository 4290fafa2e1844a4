"""The key by which the service knows a message that it has taken already."""

from __future__ import annotations

import json
import random
import re
import uuid
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acme import Acme
from acme.idempotency import idempotency_key
from firehose import Request, decode
from local.stand_in import StandIn
from tests.acme.messages import KINDS, message, request

ids = st.uuids().map(str)
events = st.lists(
    st.builds(lambda i: {"type": "session_start", "id": i}, ids),
    min_size=1,
    max_size=6,
    unique_by=lambda event: event["id"],
)


def key(content: dict[str, Any]) -> str:
    read = decode(json.dumps(content))
    assert isinstance(read, Request)
    return idempotency_key(read)


@pytest.mark.parametrize("name", KINDS)
def test_repeated_delivery_is_one_effect(name: str, integration: Acme, partner: StandIn) -> None:
    asked = request(name)
    for _ in range(3):
        integration.process(asked)

    assert len(partner.received) == 3
    assert list(partner.effects.values()) == [3], "one key, so one effect"


@settings(max_examples=50, deadline=None)
@given(events=events, again=ids, seed=st.randoms(use_true_random=False))
def test_batch_is_known_by_its_events_under_whatever_id_and_order(
    events: list[dict[str, str]], again: str, seed: random.Random
) -> None:
    first = message("event_processing_request", events=events)
    shuffled = seed.sample(events, len(events))

    assert key(first) == key(first | {"id": again, "events": shuffled, "timestamp_ms": 5})


@settings(max_examples=50, deadline=None)
@given(events=events, other=ids)
def test_other_events_or_another_account_are_another_batch(
    events: list[dict[str, str]], other: str
) -> None:
    first = message("event_processing_request", events=events)
    more = [*events, {"type": "session_start", "id": other}]

    assert key(first) != key(first | {"events": more})
    assert key(first) != key(first | {"account": {"account_id": 2}})


@settings(max_examples=50, deadline=None)
@given(again=ids)
def test_erasure_is_known_by_the_subjects_request(again: str) -> None:
    first = message("dsr_processing_request")

    assert key(first) == key(first | {"id": again})
    assert key(first) != key(first | {"subject_request_id": again})
    assert key(first | {"subject_request_id": None}) == first["id"]


@pytest.mark.parametrize("name", KINDS[1:3])
def test_audience_message_is_known_by_its_own_id_for_its_content_may_recur(name: str) -> None:
    first = message(name)

    assert key(first) == first["id"]
    assert key(first | {"id": str(uuid.uuid4())}) != key(first)


@settings(max_examples=50, deadline=None)
@given(event_id=st.text(st.characters(exclude_categories=()), min_size=1))
def test_key_is_fit_for_a_header_whatever_the_ids_are(event_id: str) -> None:
    made = key(
        message("event_processing_request", events=[{"type": "session_start", "id": event_id}])
    )

    assert re.fullmatch(r"[0-9a-f]{64}", made)
