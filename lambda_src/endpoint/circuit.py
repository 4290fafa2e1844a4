"""Whether calls of the partner's API are worth making now, by what the last ones came to."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Collection
from enum import Enum, auto

CIRCUIT_OPEN = "CircuitOpen"
"""What a log says of a message that was not tried, because the circuit was open."""
RECENT_CALLS = 20
RECENT_SECONDS = 60.0
FEWEST_CALLS = 10
"""So many recent calls at least before anything is concluded from them."""
SHORTEST_SECONDS = 1.0
LONGEST_SECONDS = 30.0
"""How long a circuit stays open before it lets a call probe; doubled each time that fails."""


class Permit(Enum):
    """What a call is that was permitted."""

    CALL = auto()
    PROBE = auto()


class Circuit:
    """Opens when more than half of the recent calls failed, of more than half of the customers.

    One customer's wrong settings open it for nobody. While it is open no call is permitted; then
    one at a time, the probe. One that succeeds closes it. Several threads may share it.
    """

    def __init__(self, now: Callable[[], float], *, fewest_calls: int = FEWEST_CALLS) -> None:
        self._now = now
        self._fewest_calls = fewest_calls
        self._recent: deque[tuple[float, str, bool]] = deque(maxlen=RECENT_CALLS)
        self._is_open = False
        self._is_probed = False
        self._probe_at = 0.0
        self._seconds = SHORTEST_SECONDS
        self._lock = threading.Lock()

    @property
    def is_open(self) -> bool:
        """Whether calls are held back, but for probes."""
        return self._is_open

    def permit(self) -> Permit | None:
        """Ask for a call; whoever is permitted one has to `note` what it came to."""
        with self._lock:
            if not self._is_open:
                return Permit.CALL
            if self.is_waiting:
                return None
            self._is_probed = True
            return Permit.PROBE

    @property
    def is_waiting(self) -> bool:
        """Whether not even a probe is permitted now."""
        return self._is_open and (self._is_probed or self._now() < self._probe_at)

    @property
    def wait_seconds(self) -> float:
        """How long to wait before asking again is worth it."""
        return max(SHORTEST_SECONDS / 2, self._probe_at - self._now())

    def note(self, permit: Permit, customer: str, *, failed: bool | None) -> None:
        """Note what a permitted call came to; none if it says nothing about the partner's API."""
        with self._lock:
            if permit is Permit.PROBE:
                self._is_probed = False
            if failed is None:
                return
            if permit is Permit.PROBE:
                self._conclude_from_probe(failed=failed)
            elif not self._is_open:
                self._recent.append((self._now(), customer, failed))
                if failed and self._is_failing():
                    self._open()

    def _open(self) -> None:
        self._is_open = True
        self._probe_at = self._now() + self._seconds

    def _conclude_from_probe(self, *, failed: bool) -> None:
        if failed:
            self._seconds = min(2 * self._seconds, LONGEST_SECONDS)
            self._open()
            return
        self._is_open = False
        self._seconds = SHORTEST_SECONDS
        self._recent.clear()

    def _is_failing(self) -> bool:
        since = self._now() - RECENT_SECONDS
        recent = [(customer, failed) for time, customer, failed in self._recent if time >= since]
        return (
            len(recent) >= self._fewest_calls
            and _most([failed for _, failed in recent])
            and _most(dict(recent).values())
        )


def _most(results: Collection[bool]) -> bool:
    return 2 * sum(results) > len(results)
