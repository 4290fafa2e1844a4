"""Ctrl-C in long work: the step at hand is finished, so that nothing is left half-done."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from types import FrameType


@contextmanager
def stop_on_ctrl_c() -> Iterator[Event]:
    """Give an event that the first Ctrl-C or SIGTERM sets; the second ends the process at once."""
    stop = Event()
    stream = sys.stderr  # a block may send stderr elsewhere
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
        stop.set()
        stream.write(
            "Stopping after the step at hand; Ctrl-C again stops at once, and AWS goes on with what"
            " it has begun.\n"
        )
        for number in before:
            signal.signal(number, signal.SIG_DFL)

    for number in before:
        signal.signal(number, ask_to_stop)
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
