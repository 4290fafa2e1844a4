"""Waiting for code whose queue nobody can look into: until its calls have ceased."""

from __future__ import annotations

import time

from local.stand_in import StandIn

SETTLE_SECONDS = 2.0
"""Beyond the function's timeout: how long the end of an earlier check is waited for."""
_STILL_SECONDS = 0.2
_POLL_SECONDS = 0.05


def wait_until_still(service: StandIn) -> None:
    """Wait until no call has come for a moment."""
    count, since = len(service.received), time.monotonic()
    while time.monotonic() - since < _STILL_SECONDS:
        time.sleep(_POLL_SECONDS)
        service.wait_until_quiet(SETTLE_SECONDS)
        if len(service.received) > count:
            count, since = len(service.received), time.monotonic()


def wait_for_call(service: StandIn, *, seconds: float) -> None:
    """Wait for one more call, so long at most."""
    count, until = len(service.received), time.monotonic() + seconds
    while len(service.received) == count and time.monotonic() < until:
        time.sleep(_POLL_SECONDS)
