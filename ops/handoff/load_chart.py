"""The chart of a load: one dot for each call, see `pages.axes`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pages.axes import BOX, Tick, tick_up, ticks_across, ticks_up

_SECONDS_FROM_MS = 2_000

DotKind = Literal["answered", "cold", "refused"]
ProvenCall = Sequence[Any]
"""Of a saved proof: due after so many seconds, milliseconds, outcome, whether cold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """What to draw: `dots` holds one SVG path of zero-length strokes for each kind of call."""

    dots: Mapping[DotKind, str]
    limit: Tick
    times: Sequence[Tick]
    seconds: Sequence[Tick]
    left_out: int


def chart(measured: Mapping[str, Any]) -> Chart:
    """Place the calls that were kept of a measured load."""
    calls: Sequence[ProvenCall] = measured["calls"]
    limit = measured["summary"]["limit_ms"]
    top = 1.05 * max([limit * 1.25, *(call[1] for call in calls)])
    width = max([1.0, *(call[0] for call in calls)])
    paths: dict[DotKind, list[str]] = {"answered": [], "cold": [], "refused": []}
    for call in calls:
        x = round(BOX * call[0] / width)
        y = round(BOX * (1 - call[1] / top))
        paths[_kind(call)].append(f"M{x} {y}h0")
    in_seconds = top > _SECONDS_FROM_MS
    return Chart(
        dots={kind: "".join(path) for kind, path in paths.items() if path},
        limit=tick_up(limit, f"{limit} ms", top=top),
        times=ticks_up(top, lambda ms: f"{ms / 1000:g} s" if in_seconds else f"{ms:g} ms"),
        seconds=ticks_across(width, "s"),
        left_out=measured["summary"]["calls"] - len(calls),
    )


def _kind(call: ProvenCall) -> DotKind:
    if call[2] != "answered":
        return "refused"
    return "cold" if call[3] else "answered"
