"""What a region costs in a month, and which key of the deployment saves how much of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from plan.mparticle import MINIMUM_MEMORY_MB
from plan.prices import Prices
from plan.region_plan import FunctionPlan, RegionPlan
from plan.usage import Usage, usage_of

_FEW = 0.01
"""The share of good answers that suffices to see what they look like; `[logs]` has it, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CostLine:
    """One line of the bill, in US dollars a month."""

    usage: Usage
    usd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Saving:
    """A key of the deployment with a value, and what it saves of a region's month in US dollars.

    `provided` is what has to hold for that, empty where nothing has to.
    """

    setting: str
    usd: float
    provided: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionCost:
    """The bill of a region for one month at its average traffic."""

    region: str
    lines: tuple[CostLine, ...]

    @property
    def usd(self) -> float:
        """The sum."""
        return sum(line.usd for line in self.lines)


def region_cost(plan: RegionPlan, prices: Prices) -> RegionCost:
    """Work out what a region costs, without free tiers, discounts and taxes."""
    return RegionCost(
        region=plan.region,
        lines=tuple(
            CostLine(usage=it, usd=prices.of(plan.region, it.price, it.units))
            for it in usage_of(plan)
        ),
    )


def savings(plan: RegionPlan, prices: Prices) -> list[Saving]:
    """List what would save at least a dollar in this region, the most first."""
    now = region_cost(plan, prices).usd
    found = [
        Saving(setting=setting, usd=now - region_cost(changed, prices).usd, provided=provided)
        for setting, changed, provided in _changes(plan)
    ]
    return sorted((it for it in found if it.usd >= 1), key=lambda it: -it.usd)


def _changes(plan: RegionPlan) -> Iterator[tuple[str, RegionPlan, str]]:
    """Give every change that may save something: key and value, the plan with it, the condition.

    One that is made already saves nothing.
    """
    function, traffic = plan.endpoints[0].function, plan.traffic
    half = traffic.inline_ms // 2
    yield (
        f"traffic.average_ms = {half}",
        replace(plan, traffic=traffic.model_copy(update={"average_ms": half})),
        "your API answers in half the time",
    )
    smaller = max(MINIMUM_MEMORY_MB, function.memory_mb // 2)
    yield (
        f"function.memory_mb = {smaller}",
        _with_function(plan, memory_mb=smaller),
        "calls last no longer: measure with firehose tune",
    )
    yield (
        f"logs.sample = {_FEW}",
        _with_function(plan, log_sample=_FEW),
        "a sample of the good answers is enough: each is counted all the same",
    )
    yield 'function.architecture = "arm64"', _with_function(plan, architecture="arm64"), ""
    yield (
        "function.provisioned_concurrency = 0",
        _with_function(plan, provisioned_concurrency=0),
        "cold starts are rare enough",
    )
    if plan.invoked:
        yield (
            'transports = ["lambda"]',
            replace(plan, https=None, transports=("lambda",)),
            "mParticle invokes the function",
        )
    if plan.delivery:
        yield (
            "delivery.deduplicate = false",
            replace(plan, delivery=replace(plan.delivery, deduplicate=False)),
            "your API can tell repetitions",
        )


def _with_function(plan: RegionPlan, **changes: object) -> RegionPlan:
    """Change every endpoint's function, as `[function]` does."""

    def changed(function: FunctionPlan) -> FunctionPlan:
        return replace(function, **changes)  # type: ignore[arg-type]

    https = replace(plan.https, function=changed(plan.https.function)) if plan.https else None
    return replace(plan, function=changed(plan.function), https=https)
