"""The facts of a board: what each row shows of a region, and whether that is fine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from console.marks import Mark
from ops.live.functions import LiveFunction
from ops.live.metrics import FunctionMetrics, RecentMetrics
from ops.live.region import LiveRegion
from ops.oncall.status_rows import rate, versions
from plan.alarms import ERRORS, QUEUE_AGE, THROTTLED_SHARE, slow_trend
from plan.fields import TransportName
from plan.region_plan import EndpointPlan, RegionPlan

_DRAWN = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardCell:
    """One fact of one region, how it is, and its last half hour by minutes, oldest first."""

    text: str
    mark: Mark = Mark.GOOD
    drawn: Sequence[float] = ()


Fact = Callable[[LiveRegion], BoardCell | None]
"""Gives a region's cell of one row; none where the region has no such part."""


def facts_of(plans: Sequence[RegionPlan]) -> dict[str, Fact]:
    """Give the rows of a board, by label: what mParticle calls, the queue, the release."""
    transports = dict.fromkeys(it.transport for plan in plans for it in plan.endpoints)
    called: dict[str, Fact] = {
        f"{transport} {label}": partial(_of_endpoint, transport, show)
        for transport in transports
        for label, show in _ENDPOINT_FACTS.items()
    }
    return called | _REGION_FACTS


def _of_endpoint(
    transport: TransportName, show: _EndpointFact, live: LiveRegion
) -> BoardCell | None:
    function = next((it for it in live.endpoints if it.role == transport), None)
    plan = next((it for it in live.plan.endpoints if it.transport == transport), None)
    return show(live, function, plan) if function and plan else None


def _calls(live: LiveRegion, function: LiveFunction, _plan: EndpointPlan) -> BoardCell:
    calls = _of(live, function).calls
    return BoardCell(
        text=f"{rate(live, [function]):g}", drawn=_minutes(live.metrics, dict(calls.points))
    )


def _p99(live: LiveRegion, function: LiveFunction, plan: EndpointPlan) -> BoardCell:
    """Show the slowest minute of five; behind the HTTP API, as mParticle sees it."""
    metrics = live.metrics
    series = metrics.api_p99_ms if plan.transport == "https" else _of(live, function).p99_ms
    most = metrics.lately(series).most
    if most is None:
        return BoardCell(text=f"- of {plan.limit_ms} ms")
    mark = Mark.GOOD
    if most > slow_trend(plan.limit_ms).threshold:
        mark = Mark.BAD if most > plan.limit_ms else Mark.ATTENTION
    return BoardCell(text=f"{most:.0f} of {plan.limit_ms} ms", mark=mark)


def _errors(live: LiveRegion, function: LiveFunction, _plan: EndpointPlan) -> BoardCell:
    metrics = _of(live, function)
    errors = live.metrics.lately(metrics.errors).total
    return _share(errors, live.metrics.lately(metrics.calls).total, ERRORS.threshold)


def _throttles(live: LiveRegion, function: LiveFunction, _plan: EndpointPlan) -> BoardCell:
    """Lambda does not count a throttled call as one, so the share is of the sum."""
    metrics = _of(live, function)
    throttles = live.metrics.lately(metrics.throttles).total
    calls = live.metrics.lately(metrics.calls).total
    return _share(throttles, calls + throttles, THROTTLED_SHARE.threshold)


def _overflow(live: LiveRegion, function: LiveFunction, _plan: EndpointPlan) -> BoardCell:
    return BoardCell(text=str(live.metrics.lately(_of(live, function).overflowed).total))


def _circuit(live: LiveRegion, function: LiveFunction, _plan: EndpointPlan) -> BoardCell:
    return _circuit_of(live.metrics.lately(_of(live, function).diverted).total)


def _worker_circuit(live: LiveRegion) -> BoardCell | None:
    worker = next((it for it in live.functions if it.role == "worker"), None)
    return _circuit_of(live.metrics.lately(_of(live, worker).held).total) if worker else None


def _circuit_of(held_back: int) -> BoardCell:
    """Tell by the messages that no circuit let through in five minutes; each process has one."""
    if held_back:
        return BoardCell(text=f"open: {held_back}", mark=Mark.ATTENTION)
    return BoardCell(text="closed")


def _waiting(live: LiveRegion) -> BoardCell | None:
    return BoardCell(text=str(live.depths.undelivered)) if live.depths else None


def _oldest(live: LiveRegion) -> BoardCell | None:
    if live.depths is None:
        return None
    age, limit = live.metrics.oldest_seconds, QUEUE_AGE.threshold
    text = f"{'-' if age is None else age} of {limit:g} s"
    return BoardCell(text=text, mark=Mark.BAD if (age or 0) > limit else Mark.GOOD)


def _dead(live: LiveRegion) -> BoardCell | None:
    if live.depths is None:
        return None
    dead = live.depths.dead
    return BoardCell(text=str(dead), mark=Mark.ATTENTION if dead else Mark.GOOD)


def _version(live: LiveRegion) -> BoardCell:
    behind = any(not it.serves_the_stacks_version for it in live.functions)
    return BoardCell(text=versions(live), mark=Mark.ATTENTION if behind else Mark.GOOD)


def _alarms(live: LiveRegion) -> BoardCell:
    if not live.ringing:
        return BoardCell(text="none")
    pages = any(it.is_page for it in live.ringing)
    return BoardCell(text=f"{len(live.ringing)} ring", mark=Mark.BAD if pages else Mark.ATTENTION)


_EndpointFact = Callable[[LiveRegion, LiveFunction, EndpointPlan], BoardCell]
_ENDPOINT_FACTS: dict[str, _EndpointFact] = {
    "calls/s": _calls,
    "p99": _p99,
    "errors": _errors,
    "throttles": _throttles,
    "overflow": _overflow,
    "circuit": _circuit,
}
_REGION_FACTS: dict[str, Fact] = {
    "queue": _waiting,
    "oldest": _oldest,
    "worker's circuit": _worker_circuit,
    "dead letters": _dead,
    "version": _version,
    "alarms": _alarms,
}


def _of(live: LiveRegion, function: LiveFunction) -> FunctionMetrics:
    return live.metrics.functions[function.name]


def _share(part: int, whole: int, threshold: float) -> BoardCell:
    """Show a count with its share; above the alarm's threshold, in percent, it is bad."""
    if not part:
        return BoardCell(text="0")
    percent = 100 * part / max(whole, 1)
    mark = Mark.BAD if percent >= threshold else Mark.ATTENTION
    return BoardCell(text=f"{part} ({percent:.2g} %)", mark=mark)


def _minutes(metrics: RecentMetrics, points: dict[datetime, float]) -> list[float]:
    """Give a value for each minute of the last half hour, 0 for those without a measurement."""
    first = (metrics.now - _DRAWN).replace(second=0, microsecond=0)
    count = int(_DRAWN.total_seconds()) // 60
    return [points.get(first + timedelta(minutes=it), 0.0) for it in range(count)]
