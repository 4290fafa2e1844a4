"""What a plan costs by line, and how closely numbers of a bill are compared."""

from __future__ import annotations

from typing import Any

import pytest

from plan.cost import region_cost
from plan.prices import LIST_PRICES
from plan.region_plan import RegionPlan


def bill(plan: RegionPlan) -> dict[str, float]:
    """Give the US dollars of each line of a month."""
    cost = region_cost(plan, LIST_PRICES)
    assert cost.usd == pytest.approx(sum(line.usd for line in cost.lines))
    return {line.usage.what: line.usd for line in cost.lines}


def exactly(expected: Any) -> Any:
    """Compare numbers that are the same but for the order in which they were multiplied."""
    return pytest.approx(expected, rel=1e-9)
