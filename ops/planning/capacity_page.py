"""The capacity report as a page: verdict, next steps with their costs, then the traffic played."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ops.planning.capacity_report import RegionCapacity, percent
from ops.planning.cost_report import deployment_cost, summary
from ops.planning.shortfalls import shortfalls
from pages.axes import BOX, line_across, tick_up, ticks_across, ticks_up
from pages.html_page import rendered
from plan.prices import Prices
from plan.simulation import Second, throttled_share

_POINTS = 400


def page(regions: Sequence[RegionCapacity], prices: Prices) -> str:
    """Render the report; regions that are alike in everything share a section."""
    shown = _alike(_region(region, prices) for region in regions)
    content = {
        "groups": shown,
        "short": sum(len(it["names"]) for it in shown if it["shortfalls"]),
        "count": len(regions),
        "cost": summary(deployment_cost([region.plan for region in regions], prices)),
        "box": BOX,
    }
    return rendered(Path(__file__).with_suffix(".html"), content, filters={})


def _alike(regions: Iterator[tuple[str, dict[str, Any]]]) -> list[dict[str, Any]]:
    groups: list[dict[str, Any]] = []
    for name, content in regions:
        same = next((it for it in groups if it["content"] == content), None)
        if same:
            same["names"].append(name)
        else:
            groups.append({"names": [name], "content": content})
    return [{"names": it["names"], **it["content"]} for it in groups]


def _region(region: RegionCapacity, prices: Prices) -> tuple[str, dict[str, Any]]:
    traffic, capacity = region.plan.traffic, region.capacity
    content = {
        "shortfalls": shortfalls(region, prices),
        "left_out": [str(it) for it in region.plan.left_out],
        "traffic": {
            "average": f"{traffic.average_rps:,} requests/s",
            "peak": f"{traffic.peak_rps:,} requests/s",
            "answered within (p99)": f"{traffic.p99_ms:,} ms",
            "sustained": f"{capacity.sustained_rps:,} requests/s",
            "refused at the peak": percent(region.simulated_at_peak),
            "from cold to peak": f"{capacity.scale_up_seconds:g} s",
        },
        "needs": list(_needs(region)),
        "refused": percent(throttled_share(region.seconds)),
        **_chart(region.seconds, capacity.sustained_rps),
    }
    return region.plan.region, content


def _needs(region: RegionCapacity) -> Iterator[dict[str, str]]:
    """Give each thing that traffic needs, what there is of it, and the key that changes it."""
    plan, capacity = region.plan, region.capacity
    yield {
        "what": "concurrent executions of an endpoint",
        "needs": f"{capacity.endpoint:,}",
        "has": f"{capacity.available:,}",
        "key": "function.reserved_concurrency",
    }
    if plan.delivery:
        yield {
            "what": "batches of the worker at once",
            "needs": f"{capacity.worker_needs:,}",
            "has": f"{plan.delivery.maximum_concurrency:,}",
            "key": "worker.maximum_concurrency",
        }
    if plan.https:
        yield {
            "what": "requests a second of the API",
            "needs": f"{capacity.needed_api_rps or 0:,}",
            "has": f"{plan.https.requests_per_second:,}",
            "key": "https.requests_per_second",
        }
    yield {
        "what": "concurrent executions of the account",
        "needs": f"{capacity.account:,}",
        "has": f"{plan.limits.concurrent_executions:,}" if plan.limits else "not measured",
        "key": "firehose quota request" if plan.limits else "firehose preflight",
    }


def _chart(seconds: Sequence[Second], sustained: int) -> dict[str, Any]:
    """Place the arrived and the refused requests of each second, or of 400 of them.

    The line of what is sustained is none where it would be above the chart.
    """
    shown = seconds[:: max(1, len(seconds) // _POINTS)]
    most = max(1, *(second.arrived for second in shown))
    top = 1.05 * most
    refused = line_across([second.throttled for second in shown], top=top)
    return {
        "most": f"{most:,}",
        "duration": len(seconds),
        "arrived": line_across([second.arrived for second in shown], top=top),
        "throttled": f"{refused}V{BOX}H0Z",
        "limit": tick_up(sustained, f"sustained: {sustained:,}/s", top=top)
        if sustained <= top
        else None,
        "rates": ticks_up(top, "{:,.0f}".format),
        "seconds": ticks_across(len(seconds), "s"),
    }
