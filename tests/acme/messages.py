"""Messages as mParticle sends them, of one customer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from firehose import Request, decode
from probe.check_requests import request_named

KINDS = (
    "event_processing_request",
    "audience_subscription_request",
    "audience_membership_change_request",
    "dsr_processing_request",
)
"""All that is passed on."""
IDLE = ("event_processing_request_idle", "audience_membership_change_request_idle")


def message(name: str, **changes: Any) -> dict[str, Any]:
    """Make a message with an id of its own; `changes` replace fields at its top."""
    made = request_named(name)
    if "account" in made:
        made["account"]["account_settings"] = {"apiKey": "probe-key"}
    return made | changes


def request(name: str, **changes: Any) -> Request:
    """Read such a message."""
    read = decode(json.dumps(message(name, **changes)))
    assert isinstance(read, Request)
    return read


def with_settings(settings: Mapping[str, str]) -> dict[str, Any]:
    """Make an account whose customer entered a key, and these settings."""
    return {"account_id": 1001, "account_settings": {"apiKey": "k-1", **settings}}
