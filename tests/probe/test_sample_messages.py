"""Made-up messages: valid, of every kind of everything, of any size, the same for the same seed."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from itertools import islice
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firehose import (
    AttAuthorizationStatus,
    AudienceAction,
    DeviceIdentityType,
    Encoding,
    EventType,
    MessageType,
    OpenDsrIdentityType,
    ProductAction,
    RuntimeEnvironmentType,
    SubscriptionAction,
    SystemNotificationType,
    UserIdentityType,
    decode,
    encode,
)
from firehose.vocabulary import Vocabulary
from probe.sample_messages import SampleKind, SizeError, sample_message, sample_messages
from probe.sample_shape import SampleShape
from tests.probe.made_up import ENOUGH, words


@pytest.fixture(scope="module")
def everything() -> list[dict[str, Any]]:
    return list(
        islice(
            sample_messages(list(SampleKind), seed=1, shape=SampleShape(newer=True)),
            ENOUGH * len(SampleKind),
        )
    )


@pytest.fixture(scope="module")
def every_word(everything: list[dict[str, Any]]) -> set[str]:
    return set(words(everything))


@given(seed=st.integers(0, 2**64), kind=st.sampled_from(SampleKind))
def test_every_message_is_strictly_valid_and_of_its_type(seed: int, kind: SampleKind) -> None:
    message = decode(json.dumps(sample_message(kind, seed=seed)), strict=True)

    assert kind.startswith(message.type)


@given(
    seed=st.integers(0, 2**32),
    kind=st.sampled_from([SampleKind.EVENTS, SampleKind.MEMBERSHIP]),
    size=st.integers(2_000, 40_000),
)
def test_size_is_met_to_the_byte(seed: int, kind: SampleKind, size: int) -> None:
    message = sample_message(kind, seed=seed, size=size)

    assert len(json.dumps(message, separators=(",", ":"), ensure_ascii=False)) == size
    decode(message, strict=True)


def test_sized_batch_keeps_to_the_limits_that_mparticle_has_for_texts() -> None:
    texts = words(sample_message(SampleKind.EVENTS, seed=5, size=1_200_000))

    assert max(map(len, texts)) <= 4_096


def test_size_that_no_message_has_is_refused_with_the_smallest() -> None:
    with pytest.raises(SizeError, match=r"found 50 bytes, the smallest \w+ here has \d{3} bytes"):
        sample_message(SampleKind.EVENTS, seed=1, size=50)
    with pytest.raises(SizeError, match="allowed for event_processing_request and audience_"):
        sample_message(SampleKind.ERASURE, seed=1, size=5_000)


def test_kinds_come_in_turn_and_ids_are_never_repeated(everything: list[dict[str, Any]]) -> None:
    requests = {kind.value for kind in MessageType if kind.value.endswith("_request")}

    assert {message["type"] for message in everything[: len(SampleKind)]} == requests
    assert len({message["id"] for message in everything}) == len(everything)


def test_every_event_with_all_its_words_occurs(everything: list[dict[str, Any]]) -> None:
    events = [event for message in everything for event in message.get("events", ())]

    assert {event["type"] for event in events} == {kind.value for kind in EventType}
    assert all(event["timestamp_ms"] for event in events)
    assert any("location" in event for event in events)


@pytest.mark.parametrize(
    "vocabulary",
    [
        AttAuthorizationStatus,
        AudienceAction,
        DeviceIdentityType,
        Encoding,
        OpenDsrIdentityType,
        ProductAction,
        RuntimeEnvironmentType,
        SubscriptionAction,
        SystemNotificationType,
        UserIdentityType,
    ],
)
def test_every_word_of_a_vocabulary_occurs(
    every_word: set[str], vocabulary: type[Vocabulary]
) -> None:
    assert {word.value for word in vocabulary} <= every_word


def test_session_starts_before_its_events_and_ends_after_them(
    everything: list[dict[str, Any]],
) -> None:
    for message in everything:
        events = message.get("events", ())
        moments = [event["timestamp_ms"] for event in events]
        kinds = [event["type"] for event in events]
        assert moments == sorted(moments)
        assert all(moment <= message["timestamp_ms"] for moment in moments)
        assert "session_start" not in kinds[1:]
        assert "session_end" not in kinds[:-1]


def test_forms_without_content_are_those_that_mparticle_sends() -> None:
    idle = sample_message(SampleKind.EVENTS_IDLE, seed=2)
    eventless = sample_message(SampleKind.EVENTLESS, seed=2)

    assert idle["events"] == eventless["events"] == []
    assert "user_identities" not in idle
    assert eventless["user_identities"]
    assert "user_profiles" not in sample_message(SampleKind.MEMBERSHIP_IDLE, seed=2)


def test_nobody_in_them_can_exist(every_word: set[str]) -> None:
    texts = every_word
    hosts = {match for text in texts for match in re.findall(r"(?:@|https?://)([\w.-]+)", text)}
    phones = {text for text in texts if re.fullmatch(r"\+\d+", text)}
    addresses = {text for text in texts if re.fullmatch(r"\d+\.\d+\.\d+\.\d+", text)}

    assert {".".join(host.split(".")[-2:]) for host in hosts} == {
        "example.com",
        "example.net",
        "example.org",
    }
    assert phones
    assert all(re.fullmatch(r"\+120255501\d\d", phone) for phone in phones)
    assert addresses
    assert all(address.startswith("198.51.100.") for address in addresses)


def test_same_seed_gives_the_same_bytes_in_another_process() -> None:
    script = (
        "import msgspec; from itertools import islice; from probe.sample_messages import *;"
        "made = islice(sample_messages(list(SampleKind), seed=9), 24);"
        "print(msgspec.json.encode(list(made)).decode())"
    )

    runs = [
        subprocess.run(
            [sys.executable, "-c", script],
            capture_output=True,
            check=True,
            env={"PYTHONHASHSEED": hash_seed, "PATH": ""},
        ).stdout
        for hash_seed in ("1", "2")
    ]

    assert runs[0] == runs[1]


def test_what_is_written_can_be_read_by_the_endpoint_and_returns_the_same() -> None:
    for message in islice(sample_messages([SampleKind.MEMBERSHIP, SampleKind.ERASURE], seed=4), 20):
        assert json.loads(encode(decode(json.dumps(message)))) == message
