"""Ctrl-C and SIGTERM in long work: nothing is left half-done, and nothing is left running."""

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


@contextmanager
def unwound_by_sigterm() -> Iterator[None]:
    """Let SIGTERM end a block as Ctrl-C does, by an error, so that the block can clean up.

    The exit code is then 143, which a shell has for a process that SIGTERM ended.
    """

    def unwind(number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, unwind)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
