"""In which order regions are deployed: one after another in waves, together within one."""

from __future__ import annotations

from collections.abc import Sequence

from console.exit_codes import UsageError
from plan.region_plan import RegionPlan

Wave = tuple[RegionPlan, ...]


def waves_of(plans: Sequence[RegionPlan], chosen: Sequence[str]) -> tuple[Wave, ...]:
    """Give the waves: as chosen (`"us-east-1"`, `"eu-central-1,ap-southeast-2"`), or the default.

    By default the region that mParticle wants first goes first, and then all others together.
    Raises `UsageError` when the chosen ones leave out, repeat or invent a region.
    """
    if not chosen:
        return tuple(wave for wave in (tuple(plans[:1]), tuple(plans[1:])) if wave)
    by_region = {plan.region: plan for plan in plans}
    named = [[name.strip() for name in wave.split(",")] for wave in chosen]
    flat = [name for wave in named for name in wave]
    if sorted(flat) != sorted(by_region):
        raise UsageError(
            f"--wave: found {', '.join(flat)}",
            next_step=f"name each of {', '.join(by_region)} once, or limit them with --region",
        )
    return tuple(tuple(by_region[name] for name in wave) for wave in named)


def order_of(waves: Sequence[Wave]) -> str:
    """Say the order in one line."""
    return ", then ".join(" and ".join(plan.region for plan in wave) for wave in waves)
