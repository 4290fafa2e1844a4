"""How long a message waits before it is tried again."""

from __future__ import annotations

import random
from collections.abc import Callable

LONGEST_SECONDS = 900
"""The longest that SQS delays a message."""

Spread = Callable[[float, float], float]
"""Chooses a number between two by chance."""

by_chance: Spread = random.SystemRandom().uniform


def wait_seconds(
    attempt: int, retry_after_seconds: float | None, *, spread: Spread = by_chance
) -> int:
    """Say how long to wait after a try: what the partner's service asked for, else ever longer.

    Without word of the service 2, 4, 8 … seconds up to 15 minutes, of which up to half is left to
    chance, so that messages that failed together do not come back together.
    """
    if retry_after_seconds is not None:
        return max(1, round(min(retry_after_seconds, LONGEST_SECONDS)))
    longest = min(2 ** min(attempt, 10), LONGEST_SECONDS)
    return round(spread(longest / 2, longest))
