"""The messages that prove an endpoint: one of each request type, and both idle requests."""

from __future__ import annotations

import json
import time
import uuid
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from firehose import InvalidMessage, decode

_MESSAGES = Path(__file__).with_name("messages")
_NAMES = (
    "module_registration_request",
    "event_processing_request",
    "event_processing_request_idle",
    "audience_subscription_request",
    "audience_membership_change_request",
    "audience_membership_change_request_idle",
    "dsr_processing_request",
)
"""In the order in which mParticle sends them the first time."""


@dataclass(frozen=True, slots=True)
class Probe:
    """A request that is not mParticle's: made-up people, a fresh id, sent now."""

    name: str
    request: dict[str, Any]

    def problem_of(self, answer: object) -> str | None:
        """Say what is wrong with an answer in its type, id or shape; none if nothing is."""
        expected = self.request["type"].replace("_request", "_response")
        if not isinstance(answer, dict):
            return f"answered {type(answer).__name__} instead of a JSON object"
        if answer.get("type") != expected:
            return f"answered type {answer.get('type')!r} instead of {expected!r}"
        if answer.get("id") != self.request["id"]:
            return "answered another id than the request's"
        try:
            decode(answer, strict=True)
        except InvalidMessage as error:
            return str(error)
        return None


def probes() -> list[Probe]:
    """Make a set of probes that no endpoint has seen before."""
    return [Probe(name, _fresh(name)) for name in _NAMES]


def probe_named(name: str) -> Probe:
    """Make one probe that no endpoint has seen before."""
    return Probe(name, _fresh(name))


def _fresh(name: str) -> dict[str, Any]:
    message: dict[str, Any] = json.loads(_text(name))
    return message | {"id": str(uuid.uuid4()), "timestamp_ms": time.time_ns() // 1_000_000}


@cache
def _text(name: str) -> str:
    """Read a message once, however often it is sent."""
    return (_MESSAGES / f"{name}.json").read_text(encoding="utf-8")
