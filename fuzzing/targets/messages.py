"""The protocol itself: reading messages, and writing answers."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from firehose import (
    AudienceMembershipChangeResponse,
    AudienceSubscriptionResponse,
    DsrProcessingResponse,
    EventProcessingResponse,
    InvalidMessage,
    ModuleRegistrationResponse,
    Response,
    Secret,
    check_registration,
    decode,
    encode,
    to_dict,
)
from firehose.codec import MESSAGES
from fuzzing.mutation import OfJson
from fuzzing.target import CANARY, FuzzTarget
from probe.customer_settings import with_settings
from probe.sample_messages import SampleKind, sample_messages

WORDS = (
    CANARY, "type", "id", "events", "account", "account_settings", "account_id", "timestamp_ms",
    "user_identities", "encoding", "value", "runtime_environment", "price", "quantity", "position",
    "user_profiles", "audiences", "subject_identities", "submitted_time", "extensions", "ios",
    "session_start", "product_action", "gdpr_consent_state", "location", "latitude", "teleport",
    *(str(message.__struct_config__.tag) for message in MESSAGES),
)  # fmt: skip


def requests() -> list[bytes]:
    """Make a request of every kind, small ones too, with a canary for a setting."""
    made = sample_messages([*SampleKind], seed=1)
    settings = {"apiKey": CANARY, "limit": "12", "rate": "0.5"}
    several = (with_settings(next(made), settings) for _ in range(3 * len(SampleKind)))
    return [json.dumps(message).encode() for message in several]


def _decode(data: bytes) -> str:
    kinds = [type(decode(data)).__name__]
    try:
        parsed = json.loads(data)
    except (ValueError, RecursionError):
        parsed = None
    if isinstance(parsed, dict):  # as Lambda hands it over
        kinds.append(type(decode(parsed)).__name__)
    try:
        kinds.append(type(decode(data, strict=True)).__name__)
    except InvalidMessage as error:
        kinds.append(str(error))
    return " ".join(kinds)


DECODE = FuzzTarget(
    name="decode",
    run=_decode,
    documented=(InvalidMessage,),
    seeds=requests(),
    mutator=OfJson(*WORDS),
)


class NotKeptError(Exception):
    """What was written is not what is read again. No documented error: to raise it is a finding."""


def _answers(data: bytes) -> str:
    message = decode(encode(decode(data)))  # what was null has its default then
    written = encode(message)
    json.loads(written, parse_constant=_no_json)
    if encode(decode(written)) != written:
        raise NotKeptError(type(message).__name__)
    to_dict(message)
    if isinstance(message, ModuleRegistrationResponse):
        return " ".join(sorted({finding.id for finding in check_registration(message)}))
    return type(message).__name__


def _no_json(_constant: str) -> NoReturn:
    raise NotKeptError("a number that JSON does not know")


def _responses() -> list[bytes]:
    settings: dict[str, Any] = {"apiKey": Secret(CANARY)}
    plain: list[Response] = [
        EventProcessingResponse(),
        DsrProcessingResponse(),
        AudienceMembershipChangeResponse(suspend_subscription=True),
        AudienceSubscriptionResponse(audience_subscription_settings=settings),
    ]
    return [encode(response) for response in plain] + [_REGISTRATION]


_SETTING = {"type": "text", "id": "apiKey", "name": "API key", "is_confidential": True}
_IDENTITY = {"type": "email", "encoding": "sha256", "required": True}
_REGISTRATION = json.dumps(
    {
        "type": "module_registration_response",
        "name": "Acme",
        "version": "1",
        "description": '<a href="https://acme.example">Acme</a>',
        "permissions": {"user_identities": [_IDENTITY], "allow_access_location": True},
        "event_processing_registration": {
            "account_settings": [_SETTING, {"type": "integer", "id": "n", "name": "N"}],
            "supported_event_types": ["session_start"],
            "supported_runtime_environments": ["ios"],
            "max_data_age_hours": 24,
        },
        "audience_processing_registration": {"audience_subscription_settings": [_SETTING]},
        "dsr_processing_registration": {"supported_dsr_types": ["erasure"], "domain": "a.example"},
    }
).encode()

ANSWERS = FuzzTarget(
    name="answers",
    run=_answers,
    documented=(InvalidMessage,),
    seeds=[*_responses(), *requests()],
    mutator=OfJson(*WORDS, "min_value", "max_value", "float", "description", "oauth2"),
)
