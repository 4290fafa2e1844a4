"""The capacity report as a page: verdict, next step, arithmetic and simulated traffic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from console.whole_file import write_whole
from ops.planning.capacity_report import RegionCapacity, advice, record
from pages.axes import BOX, Tick, percent_of_edge, round_values, ticks_across
from pages.html_page import rendered
from plan.simulation import Second

_POINTS = 400
_FACTS: Mapping[str, tuple[str, str]] = {
    "average_rps": ("average", "requests/s"),
    "peak_rps": ("peak", "requests/s"),
    "p99_ms": ("answered within (p99)", "ms"),
    "busy_at_average": ("busy at the average", "at once"),
    "busy_at_peak": ("busy at the peak", "at once"),
    "endpoint_needs": ("endpoint needs", "at once"),
    "worker_needs": ("worker needs", "at once"),
    "account_needs": ("account needs", "at once"),
    "api_rps_needs": ("API needs", "requests/s"),
    "available": ("planned", "at once"),
    "sustained_rps": ("sustained", "requests/s"),
    "throttled_at_peak": ("refused at the peak", ""),
    "simulated_at_peak": ("… in the simulation", ""),
    "simulated_overall": ("… all the time", ""),
    "cold_to_peak_seconds": ("cold to peak", "s"),
}
"""The label and the unit of each figure of the report."""


def write_page(path: Path, regions: Sequence[RegionCapacity]) -> None:
    """Write the report of all regions whole, or leave what was there.

    Raises `CommandError` with exit code 2 when the file cannot be written.
    """
    write_whole(path, page(regions))


def page(regions: Sequence[RegionCapacity]) -> str:
    """Render the report."""
    shown = [_region(region) for region in regions]
    content = {"regions": shown, "short": [it for it in shown if it["advice"]], "box": BOX}
    return rendered(Path(__file__).with_suffix(".html"), content, filters={})


def _region(region: RegionCapacity) -> dict[str, Any]:
    row = record(region)
    name = region.plan.region
    return {
        "name": name,
        "advice": [_advice(sentence.removeprefix(f"{name}: ")) for sentence in advice(region)],
        "left_out": [str(it) for it in region.plan.left_out],
        "facts": {
            label: f"{_figure(row[key])} {unit}".rstrip()
            for key, (label, unit) in _FACTS.items()
            if row[key] is not None
        },
        "refused": row["simulated_overall"],
        **_chart(region.seconds),
    }


def _advice(sentence: str) -> dict[str, str]:
    problem, _, next_step = sentence.partition(" Next: ")
    return {"problem": problem.removesuffix("."), "next_step": next_step}


def _figure(value: object) -> str:
    return f"{value:,}" if isinstance(value, int | float) else str(value)


def _chart(seconds: Sequence[Second]) -> dict[str, Any]:
    """Place the arrived and the refused requests of each second, or of 400 of them."""
    shown = seconds[:: max(1, len(seconds) // _POINTS)]
    most = max(1, *(second.arrived for second in shown))
    top = 1.05 * most

    def path(values: Sequence[int]) -> str:
        width = max(1, len(values) - 1)
        points = (
            f"{round(BOX * index / width)} {round(BOX * (1 - value / top))}"
            for index, value in enumerate(values)
        )
        return f"M{'L'.join(points)}"

    refused = path([second.throttled for second in shown])
    return {
        "most": most,
        "duration": len(seconds),
        "arrived": path([second.arrived for second in shown]),
        "throttled": f"{refused}V{BOX}H0Z",
        "rates": [
            Tick(label=f"{it:,.0f}", at=percent_of_edge(1 - it / top)) for it in round_values(top)
        ],
        "seconds": ticks_across(len(seconds), "s"),
    }
