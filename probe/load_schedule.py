"""When each call of an open-loop load is due."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadSchedule:
    """A rate that goes evenly from the first to the last within so many seconds.

    Both are calls a second; a steady load has the same twice.
    """

    first_rate: float
    last_rate: float
    seconds: float

    @property
    def is_ramp(self) -> bool:
        """Whether the rate changes."""
        return self.first_rate != self.last_rate

    @property
    def calls(self) -> int:
        """How many calls there are; at least one."""
        return max(1, round((self.first_rate + self.last_rate) / 2 * self.seconds))

    def due(self) -> list[float]:
        """Give the moment of each call, in seconds since the start."""
        return [self._moment(number) for number in range(self.calls)]

    def _moment(self, number: int) -> float:
        """Solve `first t + growth t² / 2 = number`, what was called until t."""
        growth = (self.last_rate - self.first_rate) / self.seconds
        if not growth:
            return number / self.first_rate
        return (math.sqrt(self.first_rate**2 + 2 * growth * number) - self.first_rate) / growth

    def __str__(self) -> str:
        if not self.is_ramp:
            return f"{self.first_rate:g} a second for {self.seconds:g} s"
        return f"{self.first_rate:g} to {self.last_rate:g} a second within {self.seconds:g} s"


def steady(rate: float, seconds: float) -> LoadSchedule:
    """Call at one rate."""
    return LoadSchedule(first_rate=rate, last_rate=rate, seconds=seconds)
