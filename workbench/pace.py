"""How time passes for an endpoint in this process, and for the work that it leaves behind."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextvars import copy_context
from dataclasses import dataclass
from threading import Condition

from endpoint.backoff import Spread, by_chance
from endpoint.circuit import FEWEST_CALLS
from endpoint.threads import SystemThreads

NEVER_OPENS = sys.maxsize
"""Of `fewest_calls`: with it no circuit opens, and every message is tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """The clock of queue and circuits, and what is left to it and to chance.

    `spread` chooses how long a retry waits within its bounds. A circuit opens after `fewest_calls`
    at least. `budget_factor` makes the budget of inline work longer, where a busy machine must not
    decide what overflows.
    """

    now: Callable[[], float] = time.monotonic
    spread: Spread = by_chance
    fewest_calls: int = FEWEST_CALLS
    budget_factor: float = 1.0


AS_DEPLOYED = Pace()
ONE_BY_ONE = Pace(fewest_calls=NEVER_OPENS)
"""Each message is tried, however many failed before."""
REPEATABLE = Pace(fewest_calls=NEVER_OPENS, budget_factor=100.0)
"""What overflows does so because it failed, not because this machine was busy."""


class SkippingClock:
    """A clock that passes by itself and can be put forward, so that nobody has to wait."""

    def __init__(self) -> None:
        self._skipped = -time.monotonic()

    def now(self) -> float:
        """Give the seconds since its making, those that were skipped included."""
        return time.monotonic() + self._skipped

    def skip_to(self, moment: float) -> None:
        """Put it forward to a moment, unless that has passed."""
        self._skipped += max(0.0, moment - self.now())


class WatchedThreads(SystemThreads):
    """The threads of a function, by its clock; they can be waited for, which Lambda does not."""

    def __init__(self, now: Callable[[], float]) -> None:
        super().__init__()
        self._now = now
        self._at_work = 0
        self._changed = Condition()

    def now(self) -> float:
        """Give the seconds of the clock."""
        return self._now()

    def start(self, work: Callable[[], None]) -> None:
        """Let a thread work in the context of its caller, and know when it has ended."""
        context = copy_context()  # so that what it does is seen as its caller's doing

        def watched() -> None:
            try:
                context.run(work)
            finally:
                self._note(-1)

        self._note(1)
        super().start(watched)

    def wait_until_idle(self, seconds: float) -> bool:
        """Wait so long at most for what was left behind; tell whether all has ended."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._at_work, seconds)

    def _note(self, change: int) -> None:
        with self._changed:
            self._at_work += change
            self._changed.notify_all()
