"""The axes of a chart, which is a box of 1,000 by 1,000 that stretches to fit."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

BOX = 1_000
_MOST_TICKS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A label of an axis; `at` is the distance from the left or top edge, in percent."""

    label: str
    at: float


def round_values(top: float) -> list[float]:
    """Give the multiples of a round number, from nothing to at most `top`, which is above 0."""
    power = 10 ** math.floor(math.log10(top / _MOST_TICKS))
    step = next(it * power for it in (1, 2, 5, 10) if top / (it * power) <= _MOST_TICKS)
    return [number * step for number in range(math.floor(top / step) + 1)]


def percent_of_edge(share: float) -> float:
    """Give a share of 0 to 1 of an edge, in percent."""
    return round(100 * share, 2)


def line_across(values: Sequence[float], *, top: float) -> str:
    """Write the path of values at even distances from edge to edge; `top` is the upper edge."""
    width = max(1, len(values) - 1)
    points = (
        f"{round(BOX * index / width)} {round(BOX * (1 - value / top))}"
        for index, value in enumerate(values)
    )
    return f"M{'L'.join(points)}"


def tick_up(value: float, label: str, *, top: float) -> Tick:
    """Give the tick of a value on the vertical axis; `top` is the upper edge."""
    return Tick(label=label, at=percent_of_edge(1 - value / top))


def ticks_up(top: float, label: Callable[[float], str]) -> list[Tick]:
    """Give the ticks of the vertical axis, from 0 to `top`."""
    return [tick_up(it, label(it), top=top) for it in round_values(top)]


def ticks_across(width: float, unit: str) -> list[Tick]:
    """Give the ticks of the horizontal axis, from 0 to `width`."""
    return [
        Tick(label=f"{it:g} {unit}", at=percent_of_edge(it / width)) for it in round_values(width)
    ]
