"""What a region's traffic needs and gets, as rows and a sparkline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from console.output import Record
from plan.capacity import Capacity, capacity_of
from plan.quotas import API_REQUESTS_PER_SECOND
from plan.region_plan import RegionPlan
from plan.simulation import PEAK_SECONDS, Second, Service, ramp, simulate, throttled_share

_BARS = "▁▂▃▄▅▆▇█"
SPARKS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionCapacity:
    """One region's arithmetic, and the same traffic played second by second."""

    plan: RegionPlan
    capacity: Capacity
    seconds: tuple[Second, ...]

    @property
    def simulated_at_peak(self) -> float:
        """The refused share, 0 to 1, once everything that may start has started."""
        return throttled_share(self.seconds[-PEAK_SECONDS:])


def region_capacity(plan: RegionPlan) -> RegionCapacity:
    """Work out and play one region's traffic."""
    capacity, traffic = capacity_of(plan), plan.traffic
    service = Service(
        concurrency=capacity.available,
        warm=min(it.function.provisioned_concurrency for it in plan.endpoints),
        rate_limit=min(plan.https.requests_per_second, API_REQUESTS_PER_SECOND)
        if plan.https
        else None,
        burst=plan.https.burst if plan.https else 0,
    )
    seconds = simulate(
        ramp(traffic), service, duration_ms=traffic.p99_ms, cold_start_ms=traffic.cold_start_ms
    )
    return RegionCapacity(plan=plan, capacity=capacity, seconds=seconds)


def record(region: RegionCapacity) -> Record:
    """Give the row of a region."""
    traffic, capacity = region.plan.traffic, region.capacity
    return {
        "region": region.plan.region,
        "average_rps": traffic.average_rps,
        "peak_rps": traffic.peak_rps,
        "p99_ms": traffic.p99_ms,
        "busy_at_average": capacity.busy_at_average,
        "busy_at_peak": capacity.busy_at_peak,
        "endpoint_needs": capacity.endpoint,
        "worker_needs": capacity.worker_needs,
        "account_needs": capacity.account,
        "api_rps_needs": capacity.needed_api_rps,
        "available": capacity.available,
        "sustained_rps": capacity.sustained_rps,
        "throttled_at_peak": percent(capacity.throttled_at_peak),
        "simulated_at_peak": percent(region.simulated_at_peak),
        "simulated_overall": percent(throttled_share(region.seconds)),
        "cold_to_peak_seconds": capacity.scale_up_seconds,
        "throttled_over_time": sparkline(shares(region.seconds, SPARKS)),
    }


def shares(seconds: Sequence[Second], points: int) -> list[float]:
    """Give the refused share, 0 to 1, of each of some equal stretches of time."""
    points = min(points, len(seconds))
    borders = [len(seconds) * index // points for index in range(points + 1)]
    return [throttled_share(seconds[start:end]) for start, end in pairwise(borders)]


def sparkline(values: Sequence[float]) -> str:
    """Draw shares of 0 to 1 as one bar each; only a true zero looks like nothing."""
    return "".join(
        _BARS[min(len(_BARS) - 1, 1 + int(value * (len(_BARS) - 1)))] if value else _BARS[0]
        for value in values
    )


def percent(share: float) -> str:
    """Write a share of 0 to 1."""
    return f"{100 * share:.1f} %"
