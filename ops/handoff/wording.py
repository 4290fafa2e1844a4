"""How the hand-off writes moments and shares, on its page and in its text."""

from __future__ import annotations

import math
from datetime import UTC, datetime


def moment(iso: str) -> str:
    """Write an ISO moment for people, in UTC: `23 November 2026, 18:07 UTC`."""
    utc = datetime.fromisoformat(iso).astimezone(UTC)
    return f"{utc.day} {utc:%B %Y, %H:%M} UTC"


def percent(share: float) -> str:
    """Write a share of 0 to 1, rounded down, so that it never looks better than it is."""
    return f"{math.floor(share * 10_000) / 100:.2f} %"
