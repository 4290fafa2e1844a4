"""New ids for a message that is sent again: no service may take it for a repetition."""

from __future__ import annotations

import time
import uuid
from typing import Any

_BEGINNING = "f12e405e-"
"""Of every id that a check makes up, so that what an endpoint logs about it can be told apart."""


def with_fresh_ids(message: dict[str, Any]) -> dict[str, Any]:
    """Give every id and the moment anew."""
    fresh = message | {"id": _new_id(), "timestamp_ms": time.time_ns() // 1_000_000}
    if "events" in message:
        fresh["events"] = [event | {"id": _new_id()} for event in message["events"]]
    if "subject_request_id" in message:
        fresh["subject_request_id"] = _new_id()
    return fresh


def is_of_a_check(message_id: object) -> bool:
    """Whether a message with such an id was made here, as a log of the endpoint names it."""
    return isinstance(message_id, str) and message_id.startswith(_BEGINNING)


def _new_id() -> str:
    return f"{_BEGINNING}{str(uuid.uuid4())[len(_BEGINNING) :]}"
