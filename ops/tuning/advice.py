"""Which of the measured sizes to choose, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ops.tuning.measurement import MeasuredSize
from plan.mparticle import MINIMUM_MEMORY_MB

NEARLY = 0.05
"""By how much a size may cost more than the cheapest one and still be chosen for being faster."""
LEAST_HEADROOM = 0.8
"""Of its memory that a function may use: beyond it, a large message may end the process."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """The size to choose; none where every call failed. `reason` says why in one sentence."""

    chosen: MeasuredSize | None
    reason: str


def advised(sizes: Sequence[MeasuredSize], *, limit_ms: int) -> Advice:
    """Choose the cheapest size that answers in time with memory to spare.

    Of those that cost nearly the same it is the fastest. Where none answers in time, the fastest.
    """
    whole = [it for it in sizes if not it.failed and _has_room(it)]
    if not whole:
        return Advice(
            chosen=None,
            reason="no size answered every call with memory to spare; firehose logs names errors",
        )
    in_time = [it for it in whole if it.p99_ms <= limit_ms]
    if not in_time:
        fastest = min(whole, key=lambda it: it.p99_ms)
        return Advice(
            chosen=fastest,
            reason=f"no size has a p99 within {limit_ms} ms; this is the fastest one, so make the"
            " integration faster or let the family overflow",
        )
    least = min(it.usd_per_million for it in in_time)
    nearly = [it for it in in_time if it.usd_per_million <= least * (1 + NEARLY)]
    chosen = min(nearly, key=lambda it: it.p99_ms)
    return Advice(
        chosen=chosen,
        reason=f"the cheapest with a p99 within {limit_ms} ms"
        if chosen.usd_per_million == least
        else f"within {NEARLY:.0%} of the cheapest, and faster",
    )


def _has_room(size: MeasuredSize) -> bool:
    used = size.used_mb or 0
    return size.memory_mb >= MINIMUM_MEMORY_MB and used <= LEAST_HEADROOM * size.memory_mb
