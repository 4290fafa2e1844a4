"""What AWS was measured to allow the account in each region, kept in a file beside the choices.

`deployment.toml` has `deployment.limits.toml`. Without the file, or without a region in it, the
deployment's choices are taken as they are.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from plan.fields import RegionName, Table
from plan.file import read
from plan.problems import refusal
from plan.quotas import UNRESERVED_FLOOR

SUFFIX = ".limits.toml"

_Count = Annotated[int, Field(ge=0)]


class RegionLimits(Table):
    """One region's limits on the day that it was asked; the numbers belong together."""

    measured_on: date
    concurrent_executions: _Count
    """`ConcurrentExecutions` of lambda:GetAccountSettings: the account's limit."""
    own_reserved: _Count = 0
    """What the functions of this deployment had reserved that day; 0 before the first deploy."""
    unreserved: _Count
    """`UnreservedConcurrentExecutions` of the same answer: what no function has reserved."""

    @field_validator("unreserved")
    @classmethod
    def _within_the_limit(cls, unreserved: int, info: ValidationInfo) -> int:
        limit = info.data.get("concurrent_executions")
        if limit is not None and unreserved + info.data.get("own_reserved", 0) > limit:
            raise refusal(f"with own_reserved at most concurrent_executions, {limit}")
        return unreserved

    @property
    def room(self) -> int:
        """What our functions may reserve together; below 0 where AWS's own floor does not fit."""
        return self.unreserved + self.own_reserved - UNRESERVED_FLOOR


class Limits(Table):
    """A limits file."""

    regions: dict[RegionName, RegionLimits] = Field(default_factory=dict)


def limits_file(deployment: Path) -> Path:
    """Give the limits file that belongs to a deployment file."""
    return deployment.with_suffix(SUFFIX)


def limits_of(deployment: Path) -> Limits:
    """Read the limits of a deployment file; there are none where nobody measured.

    Raises `DeploymentError` with everything that is wrong with them.
    """
    path = limits_file(deployment)
    return read(path, Limits) if path.exists() else Limits()
