"""Where a plan does not suffice for its traffic, and the keys that change that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ops.planning.capacity_report import RegionCapacity, percent
from plan.cost import region_cost
from plan.prices import Prices
from plan.quotas import API_RATE_QUOTA, API_REQUESTS_PER_SECOND
from plan.region_plan import RegionPlan

_FREE = "costs nothing: AWS bills calls, neither reservations nor quotas"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """A step that mends it, by the key of the deployment file, and what that costs."""

    step: str
    price: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """One thing that does not suffice; each of the remedies alone is enough."""

    problem: str
    remedies: tuple[Remedy, ...]

    def __str__(self) -> str:
        steps = "; or ".join(f"{it.step}, which {it.price}" for it in self.remedies)
        return f"{self.problem}. Next: {steps}"


def shortfalls(region: RegionCapacity, prices: Prices) -> list[Shortfall]:
    """List what does not suffice; nothing where the peak is carried with a margin."""
    return [*_api(region), *_worker(region), *_endpoint(region, prices)]


def _api(region: RegionCapacity) -> Iterator[Shortfall]:
    needed = region.capacity.needed_api_rps
    if needed and needed > API_REQUESTS_PER_SECOND:
        yield Shortfall(
            problem=f"API Gateway serves {API_REQUESTS_PER_SECOND:,} requests a second to all APIs"
            " of an account",
            remedies=(
                Remedy(
                    step=f"ask AWS for {needed:,} (firehose quota request; Amazon API Gateway,"
                    f" {API_RATE_QUOTA})",
                    price=_FREE,
                ),
            ),
        )


def _worker(region: RegionCapacity) -> Iterator[Shortfall]:
    delivery, needed = region.plan.delivery, region.capacity.worker_needs
    if delivery and delivery.maximum_concurrency < needed:
        yield Shortfall(
            problem=f"the queue grows: its worker takes {delivery.maximum_concurrency:,} batches at"
            f" once and needs {needed:,}",
            remedies=(
                Remedy(
                    step=f"worker.maximum_concurrency = {needed} and worker.reserved_concurrency ="
                    f" {needed}",
                    price=_FREE,
                ),
            ),
        )


def _endpoint(region: RegionCapacity, prices: Prices) -> Iterator[Shortfall]:
    capacity, traffic = region.capacity, region.plan.traffic
    reserve = Remedy(
        step=f"function.reserved_concurrency = {capacity.endpoint} in an account that may run"
        f" {capacity.account:,}{_asked_for(region)}",
        price=_FREE,
    )
    if capacity.throttled_at_peak:
        faster = _faster(region, prices)
        yield Shortfall(
            problem=f"{capacity.available:,} concurrent executions sustain"
            f" {capacity.sustained_rps:,} of {traffic.peak_rps:,} requests a second at"
            f" {traffic.p99_ms} ms each; {percent(capacity.throttled_at_peak)} would be throttled",
            remedies=(reserve, faster) if faster else (reserve,),
        )
    elif capacity.available < capacity.endpoint:
        yield Shortfall(
            problem=f"{capacity.available:,} concurrent executions serve the peak without margin",
            remedies=(reserve,),
        )


def _asked_for(region: RegionCapacity) -> str:
    limits = region.plan.limits
    is_allowed = limits and limits.concurrent_executions >= region.capacity.account
    return "" if is_allowed else " (firehose quota request)"


def _faster(region: RegionCapacity, prices: Prices) -> Remedy | None:
    """Give the answer time with which what is planned serves the peak; none where none would.

    One environment serves ten requests a second at most, so 100 ms are the least that helps.
    """
    traffic = region.plan.traffic
    enough_ms = 1_000 * region.capacity.available // traffic.peak_rps
    if not 100 <= enough_ms < traffic.p99_ms:
        return None
    changed = traffic.model_copy(
        update={
            "p99_ms": enough_ms,
            "average_ms": max(1, traffic.inline_ms * enough_ms // traffic.p99_ms),
        }
    )
    saved = _usd(region.plan, prices) - _usd(replace(region.plan, traffic=changed), prices)
    return Remedy(
        step=f"answer 99 % within {enough_ms} ms (traffic.p99_ms)",
        price=f"saves {saved:,.0f} USD a month",
    )


def _usd(plan: RegionPlan, prices: Prices) -> float:
    return region_cost(plan, prices).usd
