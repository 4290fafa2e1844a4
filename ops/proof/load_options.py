"""How `firehose verify` was told to load the endpoints, and about what that costs."""

from __future__ import annotations

import re

from console.exit_codes import UsageError
from console.output import say
from ops.proof.from_region import environments_of
from ops.proof.probe_function import ARCHITECTURE, LONGEST_SECONDS, MEMORY_MB
from plan.prices import LIST_PRICES
from plan.region_plan import RegionPlan
from probe.load_schedule import LoadSchedule, steady

_FASTEST = 10_000.0
_START_SECONDS = 10
"""That an environment of the probe is billed beyond its load."""
_MILLION = 1e6


def schedule_of(
    *, rate: float, seconds: float, ramp: str | None, from_region: bool
) -> LoadSchedule:
    """Give the load that was asked for. Raises `UsageError` for what is none."""
    if ramp is None:
        schedule = steady(rate, seconds)
    else:
        found = re.fullmatch(r"(\d+(?:\.\d+)?):(\d+(?:\.\d+)?)", ramp)
        first, last = (float(found[1]), float(found[2])) if found else (0.0, 0.0)
        if not 0 < first < last <= _FASTEST:
            raise UsageError(
                f"--ramp: found {ramp}", next_step=f"two rates up to {_FASTEST:,.0f}: 100:2000"
            )
        if not from_region:
            raise UsageError(
                "--ramp: one machine cannot make so many calls", next_step="add --from-region"
            )
        schedule = LoadSchedule(first_rate=first, last_rate=last, seconds=seconds)
    if from_region and seconds > LONGEST_SECONDS:
        raise UsageError(
            f"--seconds: found {seconds:g}",
            next_step=f"at most {LONGEST_SECONDS} with --from-region",
        )
    return schedule


def usd_of(plan: RegionPlan, schedule: LoadSchedule, *, from_region: bool) -> float:
    """Work out what a load of every endpoint of a region costs, if each call takes the limit.

    What the calls deliver, queue and log is not in it.
    """
    total = 0.0
    for endpoint in plan.endpoints:
        function, calls = endpoint.function, float(schedule.calls)
        busy = calls * endpoint.limit_ms / 1_000
        total += LIST_PRICES.of_lambda_time(
            plan.region, function.architecture, memory_mb=function.memory_mb, seconds=busy
        )
        total += LIST_PRICES.of(plan.region, "lambda_requests", calls / _MILLION)
        if endpoint.transport == "https":
            total += LIST_PRICES.of(plan.region, "api_requests", calls / _MILLION)
        if from_region:
            probing = environments_of(schedule) * (schedule.seconds + _START_SECONDS)
            total += LIST_PRICES.of_lambda_time(
                plan.region, ARCHITECTURE, memory_mb=MEMORY_MB, seconds=probing
            )
    return total


def say_cost(plan: RegionPlan, schedule: LoadSchedule, *, from_region: bool) -> None:
    """Tell it before the load begins."""
    calls = schedule.calls * len(plan.endpoints)
    usd = usd_of(plan, schedule, from_region=from_region)
    say(
        f"{plan.region}: {calls:,} calls, {schedule}: at most {usd:.2f} USD for Lambda"
        f"{' and API Gateway' if plan.https else ''}, list prices of {LIST_PRICES.as_of}"
    )
    if not plan.complete:
        say(f"{plan.region}: this is the embedded AWS, whose times say nothing about AWS")
