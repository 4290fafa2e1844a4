"""How the time to read a text grows with the text."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from contextlib import suppress

from firehose.coercion import Refusal
from tests.linear_time.adversaries import Filler

SIZES = (2_000, 30_000)
LARGEST = 500_000
MOST = 2.6
"""Times the processor time for twice the text; 4 would be quadratic."""
TOO_SHORT = 0.002
"""Seconds that say nothing about proportions: memory that is new takes as long."""
TRIES = 8
CERTAIN = 0.2
"""Seconds that no chance explains."""
Read = Callable[[str], object]
REFUSALS = (ValueError, ArithmeticError, Refusal)


def seconds(read: Read, text: str) -> float:
    """Measure processor time, which other processes hardly change.

    Without the garbage collector, whose work is in proportion to what the tests hold.
    """
    gc.disable()
    started = time.process_time()
    with suppress(*REFUSALS):
        read(text)
    ended = time.process_time()
    gc.enable()
    return ended - started


def growth(read: Read, filler: Filler, size: int) -> float:
    """Say how many times longer twice the text takes; the best of some tries."""
    once, twice = filler.of(size), filler.of(2 * size)
    short = long = float("inf")
    for _ in range(TRIES):
        short, long = min(short, seconds(read, once)), min(long, seconds(read, twice))
        if long <= max(TOO_SHORT, MOST * short):
            return 0.0
        if long > CERTAIN:
            break
    return long / short


def is_linear(read: Read, filler: Filler, size: int) -> bool:
    """Whether twice the text takes twice the time.

    If not, it may be a step in the cost of memory; another doubling does not have that one.
    """
    return any(growth(read, filler, each) <= MOST for each in (size, size // 2))


def check(read: Read, texts: list[Filler], *, largest: int = LARGEST) -> None:
    """Check small texts of all kinds, and large ones of the kind that takes longest."""
    assert texts
    for size in SIZES:
        for filler in texts:
            assert is_linear(read, filler, size), (filler, size)
    slowest = max(texts, key=lambda filler: seconds(read, filler.of(SIZES[-1])))
    assert is_linear(read, slowest, largest), (slowest, largest)
