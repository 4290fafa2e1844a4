"""What the deployment costs a month: rows by line of the bill, and what to say about them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from console.output import Record
from plan.cost import RegionCost, Saving, region_cost, savings
from plan.prices import LIST_PRICES, PRICES, Prices, remembered
from plan.region_plan import RegionPlan

MOST_SAVINGS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentCost:
    """The bills of all regions, in US dollars a month; `savings` are summed over them."""

    plans: Sequence[RegionPlan]
    prices: Prices
    regions: Sequence[RegionCost]
    savings: Sequence[Saving]

    @property
    def usd(self) -> float:
        """What all regions cost."""
        return sum(region.usd for region in self.regions)

    @property
    def by_line(self) -> dict[str, float]:
        """What each line of the bill costs in all regions, the dearest first."""
        total: dict[str, float] = {}
        for region in self.regions:
            for line in region.lines:
                total[line.usage.what] = total.get(line.usage.what, 0.0) + line.usd
        return dict(sorted(total.items(), key=lambda it: -it[1]))


def deployment_cost(plans: Sequence[RegionPlan], prices: Prices) -> DeploymentCost:
    """Work out what some regions cost together."""
    by_key: dict[str, Saving] = {}
    for plan in plans:
        for it in savings(plan, prices):
            before = by_key.get(it.setting)
            usd = it.usd + (before.usd if before else 0.0)
            by_key[it.setting] = Saving(setting=it.setting, usd=usd, provided=it.provided)
    return DeploymentCost(
        plans=plans,
        prices=prices,
        regions=[region_cost(plan, prices) for plan in plans],
        savings=sorted(by_key.values(), key=lambda it: -it.usd),
    )


def records(cost: DeploymentCost) -> list[Record]:
    """Give a row for each line of the bill, the dearest first, and one for the sum."""
    rows: list[Record] = []
    for what, total in cost.by_line.items():
        found = {
            region.region: line
            for region in cost.regions
            for line in region.lines
            if line.usage.what == what
        }
        usage = next(iter(found.values())).usage
        rows.append(
            {
                "what": what,
                **{it.region: _usd(found[it.region].usd) for it in cost.regions},
                "all": _usd(total),
                "decided_by": usage.setting,
                "units": {name: round(line.usage.units, 3) for name, line in found.items()},
                "unit": PRICES[usage.price].unit,
                "source": PRICES[usage.price].source,
                "remembered": [it for it in found if it not in PRICES[usage.price].quoted],
            }
        )
    return [*rows, _sum(cost)]


def summary(cost: DeploymentCost) -> str:
    """Say in one sentence what all of it costs."""
    rates = sorted({plan.traffic.average_rps for plan in cost.plans})
    where = cost.plans[0].region if len(cost.plans) == 1 else "all regions together"
    each = "" if len(cost.plans) == 1 else " in each"
    return (
        f"About {cost.usd:,.0f} USD a month for {where}, at {rates[0]:,} requests a second{each}"
        f" ({cost.prices.name}, {cost.prices.as_of})"
    )


def remarks(cost: DeploymentCost) -> Iterator[str]:
    """Say what dominates, what would change it, and what the sum leaves out."""
    yield f"{summary(cost)}; without free tiers, discounts and taxes."
    what, usd = next(iter(cost.by_line.items()))
    if usd:
        yield f"{what[0].upper()}{what[1:]} is {100 * usd / cost.usd:.0f} % of it."
    for it in cost.savings[:MOST_SAVINGS]:
        provided = f", if {it.provided}" if it.provided else ""
        yield f"Next: {it.setting} saves {it.usd:,.0f}{provided}"
    used = [(it.region, line.usage.price) for it in cost.regions for line in it.lines]
    unsure = sum(key in remembered(region) for region, key in used)
    if unsure and cost.prices is LIST_PRICES:
        yield (
            f"{unsure} of {len(used)} prices are from memory and could not be looked up"
            " (--format json marks them). Next: --prices FILE with yours"
        )


def _sum(cost: DeploymentCost) -> Record:
    return {
        "what": "sum",
        **{it.region: _usd(it.usd) for it in cost.regions},
        "all": _usd(cost.usd),
        "decided_by": None,
        "units": {},
        "unit": None,
        "source": None,
        "remembered": [],
    }


def _usd(usd: float) -> float:
    return round(usd) if usd >= 10 else round(usd, 2)
