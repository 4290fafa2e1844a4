"""What mParticle's Java SDK 3.2.0 reads, verified against it: the same is read and refused."""

from __future__ import annotations

from typing import Any

import pytest

from firehose import (
    EventProcessingRequest,
    InvalidMessage,
    decode,
    encode,
)

EVENTS = "event_processing_request"


def test_an_absent_envelope_is_filled_in() -> None:
    message = decode('{"type":"module_registration_request"}')
    assert len(message.id) == 36
    assert message.timestamp_ms > 1_700_000_000_000
    assert message.firehose_version == "3.2.0"


def test_a_null_envelope_writes_nothing_but_the_zero_timestamp() -> None:
    raw = (
        '{"type":"module_registration_request","id":null,'
        '"timestamp_ms":null,"firehose_version":null}'
    )
    assert encode(decode(raw)) == b'{"type":"module_registration_request","timestamp_ms":0}'


def test_type_may_stand_last() -> None:
    raw = '{"id":"0a8e6a3c-3f2b-4c55-9b0e-6f3c1d2e4b5a","type":"module_registration_request"}'
    assert decode(raw).type == "module_registration_request"


def test_an_upper_case_id_becomes_lower_case() -> None:
    raw = '{"id":"0A8E6A3C-3F2B-4C55-9B0E-6F3C1D2E4B5A","type":"module_registration_request"}'
    assert decode(raw).id == "0a8e6a3c-3f2b-4c55-9b0e-6f3c1d2e4b5a"


@pytest.mark.parametrize(("sent", "read"), [('"123"', 123), ("123.9", 123), ("1e3", 1000)])
def test_a_timestamp_of_another_form_is_read(sent: str, read: int) -> None:
    raw = f'{{"type":"module_registration_request","timestamp_ms":{sent}}}'
    assert decode(raw).timestamp_ms == read


@pytest.mark.parametrize(
    "raw",
    [
        '{"type":"MODULE_REGISTRATION_REQUEST"}',
        '{"type":"module_registration_request","id":"xyz"}',
        '{"id":"0a8e6a3c-3f2b-4c55-9b0e-6f3c1d2e4b5a"}',
        "",
        "[]",
        "null",
        "{'type':'module_registration_request'}",
        '{"type":"module_registration_request",}',
        '{"type":"module_registration_request","timestamp_ms":NaN}',
        '{"type":"module_registration_request","timestamp_ms":true}',
        '{"type":"module_registration_request","timestamp_ms":"5.0"}',
        '{"type":"event_processing_request","events":{}}',
        '{"type":"event_processing_request","mpid":[1]}',
        '{"type":"event_processing_request","user_attributes":{"a":{}}}',
        '{"type":"event_processing_request","runtime_environment":{"type":"ios","is_tablet":"no"}}',
        '{"type":"event_processing_request","runtime_environment":{"type":"ios","is_tablet":0.5}}',
        '{"type":"event_processing_request","user_identities":[{"type":"email","value":"x"}]}',
        '{"type":"dsr_processing_request","submitted_time":"2021-11-01T15:00:00"}',
    ],
)
def test_what_java_refuses_is_refused(raw: str) -> None:
    with pytest.raises(InvalidMessage):
        decode(raw)


@pytest.mark.parametrize("value", [None, ""])
def test_an_identity_without_value_is_refused(value: str | None) -> None:
    identity = {"type": "email", "encoding": "raw", "value": value}
    with pytest.raises(InvalidMessage) as refusal:
        decode({"type": EVENTS, "user_identities": [identity]})
    assert refusal.value.path == "$.user_identities[0]"


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"user_identities": [{"type": "new", "encoding": "raw", "value": "x"}]}, ".type"),
        ({"user_identities": [{"type": "email", "encoding": "rot13", "value": "x"}]}, ".encoding"),
    ],
)
def test_strict_reading_refuses_identity_words_that_java_refuses(
    fields: dict[str, Any], path: str
) -> None:
    with pytest.raises(InvalidMessage) as refusal:
        decode({"type": EVENTS} | fields, strict=True)
    assert refusal.value.path == f"$.user_identities[0]{path}"


@pytest.mark.parametrize(
    "fields",
    [
        {"subject_identities": {"mpid": {"encoding": "raw", "value": "1"}}},
        {"subject_identities": {"roku_publishing_id": {"encoding": "raw", "value": "1"}}},
        {"subject_identities": {"EMAIL": {"encoding": "raw", "value": "1"}}},
        {"subject_identities": {"email": {"encoding": "sha256", "value": "1"}}},
        {"subject_request_type": "access"},
        {"regulation": "lgpd"},
    ],
)
def test_strict_reading_refuses_dsr_words_that_java_refuses(fields: dict[str, Any]) -> None:
    with pytest.raises(InvalidMessage):
        decode({"type": "dsr_processing_request"} | fields, strict=True)


def test_strict_reading_knows_that_audiences_delete_and_subscriptions_remove() -> None:
    profile = {"audiences": [{"action": "remove"}]}
    with pytest.raises(InvalidMessage) as refusal:
        decode(
            {"type": "audience_membership_change_request", "user_profiles": [profile]}, strict=True
        )
    assert refusal.value.path == "$.user_profiles[0].audiences[0].action"


@pytest.mark.parametrize(("word", "member"), [(" email ", "email"), ("customer", "customer")])
def test_words_are_trimmed(word: str, member: str) -> None:
    identity = {"type": word, "encoding": "raw", "value": " "}
    request = decode({"type": EVENTS, "user_identities": [identity]})
    assert isinstance(request, EventProcessingRequest)
    assert request.user_identities[0].type == member
