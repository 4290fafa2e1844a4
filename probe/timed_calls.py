"""Calls of a load, each timed from when it was due, and what is drawn and kept of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

CallOutcome = Literal["answered", "throttled", "failed"]

_MOST_DRAWN = 2_000
_SLOWEST_DRAWN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedCall:
    """One call: when it was due since the start, and how long the answer took from then on.

    `cold` is true when more calls were under way than ever before, so that AWS had to start an
    environment for it unless one was left from earlier. `late_ms` is how much later than due it
    was sent, which is the fault of who calls and part of `milliseconds`.
    """

    due_seconds: float
    milliseconds: float
    late_ms: float
    outcome: CallOutcome
    cold: bool


class DrawnCall(NamedTuple):
    """What a chart needs of a call; see `TimedCall`."""

    due_seconds: float
    milliseconds: float
    outcome: CallOutcome
    cold: bool


def drawn(calls: Sequence[TimedCall]) -> list[DrawnCall]:
    """Choose at most 2,000 calls to draw; the slowest are never left out."""
    chosen = calls
    if len(calls) > _MOST_DRAWN:
        slowest_first = sorted(calls, key=lambda call: -call.milliseconds)
        rest = slowest_first[_SLOWEST_DRAWN:]
        every = math.ceil(len(rest) / (_MOST_DRAWN - _SLOWEST_DRAWN))
        chosen = [*slowest_first[:_SLOWEST_DRAWN], *rest[::every]]
    return [
        DrawnCall(it.due_seconds, round(it.milliseconds, 1), it.outcome, it.cold) for it in chosen
    ]


def most_at_once(calls: Sequence[TimedCall]) -> int:
    """Count the most calls that were under way at one moment, as who called saw it."""
    changes = [(it.due_seconds + it.late_ms / 1_000, 1) for it in calls]
    changes += [(it.due_seconds + it.milliseconds / 1_000, -1) for it in calls]
    now = most = 0
    for _, change in sorted(changes):
        now += change
        most = max(most, now)
    return most
