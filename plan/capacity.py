"""Concurrency and quota arithmetic: what a load needs, and what a reservation sustains."""

from __future__ import annotations

from dataclasses import dataclass

from plan.mparticle import MINIMUM_CONCURRENCY
from plan.quotas import (
    API_REQUESTS_PER_SECOND,
    DEFAULT_ACCOUNT_CONCURRENCY,
    REQUESTS_PER_ENVIRONMENT,
    SCALE_UP_BURST,
    SCALE_UP_PER_SECOND,
    UNRESERVED_FLOOR,
)
from plan.region_plan import RegionPlan
from plan.traffic import Traffic

MARGIN_PERCENT = 25
"""Head-room over the arithmetic, for uneven arrivals."""
_BUSY_AT_LEAST_MS = 1_000 // REQUESTS_PER_ENVIRONMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """What one region needs and what it has, both in concurrent executions unless said otherwise.

    `worker_needs` is what the queued messages need, `worker` that or what the plan reserves for
    them if it is more. `account` is the account's limit to ask AWS for, `available` what the
    endpoint may use as planned, `sustained_rps` the requests a second that this serves,
    `throttled_at_peak` the share of calls refused at the peak. `needed_api_rps` is API Gateway's
    regional rate to ask for, none without HTTPS. `scale_up_seconds` is how long a cold endpoint
    refuses calls at peak.
    """

    busy_at_average: int
    busy_at_peak: int
    endpoint: int
    worker: int
    worker_needs: int
    other_reserved: int
    account: int
    available: int
    sustained_rps: int
    throttled_at_peak: float
    scale_up_seconds: float
    needed_api_rps: int | None


def capacity_of(plan: RegionPlan) -> Capacity:
    """Work out what a region's traffic needs and what its plan gives each of its endpoints.

    Every endpoint of the region, invoked and HTTPS, has to carry all of the traffic alone.
    """
    delivery = plan.delivery
    worker_needs = (
        worker_concurrency(plan.traffic, batch_size=delivery.batch_size, parallel=delivery.parallel)
        if delivery
        else 0
    )
    return capacity(
        plan.traffic,
        available=min(it.function.reserved_concurrency or pool(plan) for it in plan.endpoints),
        warm=min(it.function.provisioned_concurrency for it in plan.endpoints),
        worker=(delivery.worker.reserved_concurrency or 0) if delivery else 0,
        worker_needs=worker_needs,
        endpoints=len(plan.endpoints),
        api_rps=plan.https.requests_per_second if plan.https else None,
    )


def pool(plan: RegionPlan) -> int:
    """Give what the functions without a reservation share; AWS's default where not measured."""
    if plan.limits is None:
        return DEFAULT_ACCOUNT_CONCURRENCY
    ours = plan.functions
    free = plan.limits.unreserved + plan.limits.own_reserved
    return free - sum(function.reserved_concurrency or 0 for function in ours)


def capacity(
    traffic: Traffic,
    *,
    available: int,
    warm: int = 0,
    worker: int = 0,
    worker_needs: int = 0,
    endpoints: int = 1,
    api_rps: int | None = None,
) -> Capacity:
    """Compare a load with what serves it.

    `available` concurrent executions may answer mParticle, `warm` of them are started already,
    `worker` are kept for the queue, which needs `worker_needs`. `api_rps` is the HTTP API's own
    throttle, none without one.
    """
    endpoint = endpoint_concurrency(traffic.peak_rps, traffic.p99_ms)
    sustained = sustained_rps(available, traffic.p99_ms)
    if api_rps is not None:
        sustained = min(sustained, api_rps, API_REQUESTS_PER_SECOND)
    at_peak = busy_environments(traffic.peak_rps, traffic.p99_ms)
    return Capacity(
        busy_at_average=busy_environments(traffic.average_rps, traffic.p99_ms),
        busy_at_peak=at_peak,
        endpoint=endpoint,
        worker=max(worker, worker_needs),
        worker_needs=worker_needs,
        other_reserved=traffic.other_reserved,
        account=endpoints * endpoint
        + max(worker, worker_needs)
        + traffic.other_reserved
        + UNRESERVED_FLOOR,
        available=available,
        sustained_rps=sustained,
        throttled_at_peak=throttled_share(traffic.peak_rps, sustained),
        scale_up_seconds=scale_up_seconds(min(at_peak, available) - warm),
        needed_api_rps=None if api_rps is None else _with_margin(traffic.peak_rps),
    )


def busy_environments(rps: int, p99_ms: int) -> int:
    """Count the environments that are busy at once when every call lasts as long as the p99.

    One environment takes ten calls a second at most, so a shorter call keeps it for 100 ms.
    """
    return _divided_up(rps * occupied_ms(p99_ms), 1_000)


def occupied_ms(duration_ms: int) -> int:
    """Give how long a call keeps an environment from the next one."""
    return max(duration_ms, _BUSY_AT_LEAST_MS)


def endpoint_concurrency(rps: int, p99_ms: int) -> int:
    """Give the reservation a load needs, margin included, never less than mParticle asks for."""
    with_margin = _divided_up(rps * occupied_ms(p99_ms) * (100 + MARGIN_PERCENT), 100_000)
    return max(with_margin, MINIMUM_CONCURRENCY)


def worker_concurrency(traffic: Traffic, *, batch_size: int, parallel: int) -> int:
    """Give the batches that are at work at once when the queue keeps up with the average.

    The queue takes the peak. A batch is delivered in as many turns as `parallel` makes of it.
    """
    turns = _divided_up(batch_size, parallel)
    busy_ms = traffic.average_rps * traffic.queued_percent * traffic.delivery_ms * turns
    return _divided_up(busy_ms * (100 + MARGIN_PERCENT), 100 * 100 * 1_000 * batch_size)


def sustained_rps(concurrency: int, p99_ms: int) -> int:
    """Give the requests a second that so many concurrent executions serve."""
    return concurrency * 1_000 // occupied_ms(p99_ms)


def throttled_share(rps: int, sustained: int) -> float:
    """Give the share of calls, 0 to 1, that is refused at a steady rate."""
    return max(0.0, 1 - sustained / rps)


def scale_up_seconds(environments: int) -> float:
    """Give how long Lambda takes to start so many environments that are wanted at once."""
    return max(0, environments - SCALE_UP_BURST) / SCALE_UP_PER_SECOND


def _with_margin(number: int) -> int:
    return _divided_up(number * (100 + MARGIN_PERCENT), 100)


def _divided_up(number: int, divisor: int) -> int:
    return -(-number // divisor)
