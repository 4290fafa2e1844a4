"""Threads for work that may be left behind, and the clock that goes with them.

What waits for such work is given both, so that a simulation can play them (tests/simulation).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from queue import SimpleQueue
from threading import Event, Semaphore, Thread
from typing import Protocol


class Signal(Protocol):
    """Is set once, by one thread, for others that wait."""

    def set(self) -> None:
        """Let those go on who wait."""
        ...

    def is_set(self) -> bool:
        """Whether it was set."""
        ...

    def wait(self, timeout: float) -> bool:
        """Wait so many seconds at most; tell whether it was set."""
        ...


class Threads(Protocol):
    """Starts work beside the caller and knows the time."""

    def now(self) -> float:
        """Give the seconds of a clock that only goes forward."""
        ...

    def start(self, work: Callable[[], None]) -> None:
        """Let work run beside the caller, who does not wait for it; it must not raise."""
        ...

    def signal(self) -> Signal:
        """Make a signal that is not set."""
        ...


class SystemThreads:
    """Threads of this process. They are used again, because starting one costs more than its work.

    Nothing waits for them when the process ends.
    """

    def __init__(self) -> None:
        self._work: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._idle = Semaphore(0)

    def now(self) -> float:
        """Give the seconds of the system's monotonic clock."""
        return time.monotonic()

    def start(self, work: Callable[[], None]) -> None:
        """Let an idle thread work, or a new one."""
        self._work.put(work)
        if not self._idle.acquire(blocking=False):
            Thread(target=self._serve, daemon=True).start()

    def signal(self) -> Signal:
        """Make an event of the standard library."""
        return Event()

    def _serve(self) -> None:
        while True:
            self._work.get()()
            self._idle.release()
