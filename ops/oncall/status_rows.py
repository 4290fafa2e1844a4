"""The rows of `firehose status`: one for a region, or with every fact one for a function."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from console.marks import Mark
from console.output import Format, Record
from ops.live.functions import LiveFunction
from ops.live.region import LiveRegion
from ops.oncall.concerns import Concern, worst

REGION_FACTS = ("state", "region", "version", "rps", "alarms", "queue", "age_s", "dead")
FUNCTION_FACTS = (
    "region",
    "transport",
    "version",
    "newest",
    "code",
    "memory_mb",
    "reserved",
    "rps",
    "errors",
    "throttles",
)

_STATES = {Mark.GOOD: "ok", Mark.ATTENTION: "attention", Mark.BAD: "failed"}


def region_row(live: LiveRegion, concerns: Sequence[Concern], form: Format) -> Record:
    """Sum a region up; a table fits 80 columns and counts the alarms that ring."""
    depths, mark, is_json = live.depths, worst(concerns), form is Format.JSON
    alarms = [alarm.name for alarm in live.ringing]
    return {
        "state": _STATES[mark] if is_json else mark,
        "region": live.plan.region,
        "version": versions(live),
        "rps": rate(live, live.endpoints),
        "alarms": alarms if is_json else len(alarms),
        "queue": depths.waiting + depths.delayed if depths else None,
        "in_flight": depths.in_flight if depths else None,
        "age_s": live.metrics.oldest_seconds,
        "dead": depths.dead if depths else None,
    }


def function_rows(live: LiveRegion) -> Iterator[Record]:
    """Give every fact of each function, and what became of its calls in the last five minutes."""
    for it in live.functions:
        metrics = live.metrics.functions[it.name]
        p99 = live.metrics.lately(metrics.p99_ms).most
        yield {
            "region": live.plan.region,
            "transport": it.role,
            "function": it.name,
            "version": it.current.number,
            "newest": it.made_by_stack or it.current.number,
            "code": it.current.code,
            "made": it.current.made,
            "memory_mb": it.memory_mb,
            "reserved": it.reserved_concurrency,
            "rps": rate(live, [it]),
            "p99_ms": None if p99 is None else round(p99, 1),
            "errors": live.metrics.lately(metrics.errors).total,
            "throttles": live.metrics.lately(metrics.throttles).total,
            "last_call": live.metrics.last_call(it.name),
        }


def versions(live: LiveRegion) -> str:
    """Write the version of each function, or the one that all of them have."""
    numbers = [str(it.current.number) for it in live.functions]
    return numbers[0] if len(set(numbers)) == 1 else "/".join(numbers)


def rate(live: LiveRegion, functions: Sequence[LiveFunction]) -> float:
    """Add up the calls a second of functions, over the last five minutes."""
    return round(sum(live.metrics.calls_per_second(it.name) for it in functions), 1)
