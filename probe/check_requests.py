"""The requests that the checks send: made-up people, fresh ids, sent now."""

from __future__ import annotations

import json
import uuid
from functools import cache
from pathlib import Path

from endpoint.acceptance import LARGEST_BYTES
from probe.endpoint_answer import Json
from probe.fresh_ids import with_fresh_ids
from probe.registered_types import BATCH, ERASURE, MEMBERSHIP, REGISTRATION
from probe.sample_messages import SampleKind, sample_message, size_of

_MESSAGES = Path(__file__).with_name("messages")
MPARTICLES_LARGEST_BYTES = 256 * 1024
"""Of a request to mParticle's Events API: docs.mparticle.com/guides/default-service-limits."""
_NOBODY_KNOWS = "brand_new"
_CONTENT = {BATCH: "events", MEMBERSHIP: "user_profiles", ERASURE: "subject_identities"}
"""What each type is about: a list of objects, or a map of them."""


def request_named(name: str) -> Json:
    """Make one of the messages of `messages` that no endpoint has seen before."""
    return with_fresh_ids(json.loads(_text(name)))


def without_version() -> Json:
    """Make a registration request as mParticle's own documentation shows it."""
    request = request_named(REGISTRATION)
    request.pop("firehose_version", None)
    return request


def eventless() -> Json:
    """Make a batch that only tells about a user."""
    request = request_named(BATCH)
    return request | {"events": []}


def big_batch() -> Json:
    """Make a batch of the largest size that mParticle takes itself, of the user of the others."""
    user = {"user_identities": request_named("event_processing_request")["user_identities"]}
    seed = uuid.uuid4().int
    others = sample_message(SampleKind.EVENTS, seed=seed, size=MPARTICLES_LARGEST_BYTES)
    size = 2 * MPARTICLES_LARGEST_BYTES - size_of(others | user)
    return with_fresh_ids(sample_message(SampleKind.EVENTS, seed=seed, size=size) | user)


def oversize(name: str = BATCH) -> Json:
    """Make a message that is larger than a queue takes, of something that nobody delivers."""
    request = request_named(name)
    return request | {_NOBODY_KNOWS: "x" * (LARGEST_BYTES + 1)}


def unknown_field(name: str = BATCH) -> Json:
    """Make a message with fields that mParticle may add some day."""
    request = request_named(name)
    request["account"][_NOBODY_KNOWS] = [1, {"two": None}]
    content = request[_CONTENT[name]]
    first = next(iter(content.values() if isinstance(content, dict) else content))
    first[_NOBODY_KNOWS] = "text"
    return request | {_NOBODY_KNOWS: {"some": "thing"}}


def unknown_event_type() -> Json:
    """Make a batch with an event of a kind that mParticle may add some day."""
    request = request_named(BATCH)
    return request | {"events": [request["events"][1] | {"type": _NOBODY_KNOWS}]}


def unknown_enum_value() -> Json:
    """Make a batch with words that mParticle may add to its enumerations some day."""
    request = request_named(BATCH)
    request["events"][1]["custom_event_type"] = _NOBODY_KNOWS
    request["runtime_environment"]["type"] = _NOBODY_KNOWS
    request["user_identities"].append(
        {"type": _NOBODY_KNOWS, "encoding": "raw", "value": "probe-identity"}
    )
    return request


def wrong_type(name: str = BATCH) -> Json:
    """Make a message of a type that is no request."""
    return request_named(name) | {"type": name.replace("_request", "_response")}


def malformed(name: str = BATCH, *, word: str = "none") -> Json:
    """Make a message whose content is a word."""
    return request_named(name) | {_CONTENT[name]: word}


@cache
def _text(name: str) -> str:
    """Read a message once, however often it is sent."""
    return (_MESSAGES / f"{name}.json").read_text(encoding="utf-8")
