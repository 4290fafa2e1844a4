"""The same work on what is live in every region at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from cloud.regions import in_every_region
from console.exit_codes import CommandError
from console.outcomes import sorted_out
from ops.live.region import LiveRegion
from plan.region_plan import RegionPlan

T = TypeVar("T")

Found = tuple[list[tuple[RegionPlan, T]], list[CommandError]]
"""What each region gave, and the failures of those that gave nothing."""


def in_live_regions(plans: Sequence[RegionPlan], work: Callable[[LiveRegion], T]) -> Found[T]:
    """Do the same in every region; one that fails does not stop the others."""
    return sorted_out(in_every_region(plans, lambda session, plan: work(LiveRegion(session, plan))))
