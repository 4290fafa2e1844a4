"""Plans of a deployment that differs from the defaults, and what they cost by line."""

from __future__ import annotations

from typing import Any

import pytest

from plan.cost import region_cost
from plan.deployment import Deployment
from plan.prices import LIST_PRICES
from plan.region_plan import RegionPlan
from plan.regions import regions
from plan.target import AWS


def planned(region: str = "us-east-1", **choices: Any) -> RegionPlan:
    plans = regions(Deployment.model_validate({"name": "acme", **choices}), AWS)
    return next(plan for plan in plans if plan.region == region)


def bill(plan: RegionPlan) -> dict[str, float]:
    """Give the US dollars of each line of a month."""
    cost = region_cost(plan, LIST_PRICES)
    assert cost.usd == pytest.approx(sum(line.usd for line in cost.lines))
    return {line.usage.what: line.usd for line in cost.lines}


def exactly(expected: Any) -> Any:
    """Compare numbers that are the same but for the order in which they were multiplied."""
    return pytest.approx(expected, rel=1e-9)
