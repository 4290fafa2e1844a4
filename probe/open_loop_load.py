"""Open-loop load: calls at a fixed rate, whether or not the ones before have been answered."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event

from probe.timed_calls import CallOutcome, TimedCall

MOST_AT_ONCE = 200
"""Calls under way from this machine; beyond it the calls become late, which is reported."""


def run_load(
    call: Callable[[], CallOutcome],
    *,
    due: Sequence[float],
    stop: Event,
    report: Callable[[int, int], None],
) -> list[TimedCall]:
    """Call at each moment, in seconds from now, or until `stop` is set.

    Each call is timed from when it is due.
    `report` is told after each call how many have ended, and of how many.
    """
    under_way = _UnderWay()
    ended: list[TimedCall] = []
    running: list[Future[None]] = []
    start = time.perf_counter()

    def one(moment: float) -> None:
        cold = under_way.begin()
        sent = time.perf_counter() - start
        try:
            outcome = call()
        finally:
            under_way.end()
        now = time.perf_counter() - start
        ended.append(
            TimedCall(
                due_seconds=round(moment, 3),
                milliseconds=round((now - moment) * 1000, 3),
                late_ms=round(max(0.0, sent - moment) * 1000, 3),
                outcome=outcome,
                cold=cold,
            )
        )
        report(len(ended), len(due))

    with ThreadPoolExecutor(max_workers=min(MOST_AT_ONCE, max(1, len(due)))) as pool:
        for moment in due:
            if stop.wait(max(0.0, moment - (time.perf_counter() - start))):
                break
            running.append(pool.submit(one, moment))
    for future in running:
        future.result()  # raises what a call did not expect
    return sorted(ended, key=lambda it: it.due_seconds)


class _UnderWay:
    """How many calls are under way, and the most there have ever been."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._now = self._most = 0

    def begin(self) -> bool:
        """Count one more; tell whether there have never been so many."""
        with self._lock:
            self._now += 1
            is_most = self._now > self._most
            self._most = max(self._now, self._most)
            return is_most

    def end(self) -> None:
        with self._lock:
            self._now -= 1
