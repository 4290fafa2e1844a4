"""How long a message waits before it is tried again, and where it waits."""

from __future__ import annotations

import random

LONGEST_SECONDS = 900
"""The longest that SQS delays a message."""
LONGEST_HIDDEN_SECONDS = 30
"""SQS holds at most 120,000 received messages that are neither done nor back, for all customers
together; a message that waits longer is sent again with a delay, which that does not count."""

_spread = random.SystemRandom().uniform


def wait_seconds(attempt: int, retry_after_seconds: float | None) -> int:
    """Say how long to wait after a try: what the partner's service asked for, else ever longer.

    Without word of the service 2, 4, 8 … seconds up to 15 minutes, of which up to half is left to
    chance, so that messages that failed together do not come back together.
    """
    if retry_after_seconds is not None:
        return max(1, round(min(retry_after_seconds, LONGEST_SECONDS)))
    longest = min(2 ** min(attempt, 10), LONGEST_SECONDS)
    return round(_spread(longest / 2, longest))
