"""The measured sizes as a page: the verdict, then time and cost by memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from ops.tuning.advice import Advice
from ops.tuning.measurement import MeasuredSize
from pages.axes import BOX, Tick, percent_of_edge, ticks_up
from pages.html_page import rendered
from plan.region_plan import RegionPlan


def page(plan: RegionPlan, sizes: Sequence[MeasuredSize], advice: Advice) -> str:
    """Render what was measured in one region."""
    limit_ms = plan.endpoints[0].limit_ms
    slowest = max((it.p99_ms for it in sizes), default=0.0)
    top_ms = 1.1 * max(slowest, limit_ms)
    top_usd = 1.1 * max((it.usd_per_million for it in sizes), default=1.0)
    content = {
        "region": plan.region,
        "function": plan.endpoints[0].function.name or "the HTTPS function",
        "has_times": plan.complete,
        "sizes": sizes,
        "advice": advice,
        "limit_ms": limit_ms,
        "limit_at": percent_of_edge(1 - limit_ms / top_ms),
        "box": BOX,
        "memory": [
            Tick(label=f"{it.memory_mb:,}", at=percent_of_edge(_across(index, len(sizes))))
            for index, it in enumerate(sizes)
        ],
        "milliseconds": ticks_up(top_ms, "{:,.10g}".format),
        "p50": _line(sizes, lambda it: it.p50_ms / top_ms),
        "p99": _line(sizes, lambda it: it.p99_ms / top_ms),
        "dollars": ticks_up(top_usd, "{:,.10g}".format),
        "usd": _line(sizes, lambda it: it.usd_per_million / top_usd),
    }
    filters: dict[str, Callable[[Any], str]] = {
        "ms": lambda value: f"{value:,.1f} ms",
        "dollars": lambda value: f"{value:,.2f}",
    }
    return rendered(Path(__file__).with_suffix(".html"), content, filters=filters)


def _across(index: int, count: int) -> float:
    """Place sizes side by side, with half a step of room at both ends."""
    return (index + 0.5) / count


def _line(sizes: Sequence[MeasuredSize], share: Callable[[MeasuredSize], float]) -> str:
    points = (
        f"{round(BOX * _across(index, len(sizes)))} {round(BOX * (1 - share(it)))}"
        for index, it in enumerate(sizes)
    )
    return f"M{'L'.join(points)}" if sizes else ""
