"""The regions that a command works on: what its deployment file plans, which is read once."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from console.exit_codes import UsageError
from plan.deployment import load
from plan.limits import limits_of
from plan.region_plan import RegionPlan
from plan.regions import regions, regions_elsewhere
from plan.reservation import fitted
from plan.target import target_from


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadDeployment:
    """A deployment file as it was read, and the regions of it that a command works on.

    `wanted` are their plans as the file has them, whatever AWS was measured to allow; `every` names
    all that it plans. `elsewhere` has mParticle's other regions, planned as if they were in it.
    """

    file: Path
    wanted: tuple[RegionPlan, ...]
    every: tuple[str, ...]
    elsewhere: tuple[RegionPlan, ...]

    def only(self, names: Sequence[str] | None) -> Self:
        """Work on the regions named, or on all of them where none is.

        Raises `UsageError` for a region that the file does not plan.
        """
        if not names:
            return self
        if unknown := sorted(set(names) - set(self.every)):
            raise UsageError(
                f"--region: found {', '.join(unknown)}, which {self.file} does not plan",
                next_step=f"choose from {', '.join(self.every)}",
            )
        return replace(self, wanted=tuple(it for it in self.wanted if it.region in names))

    def regions(self) -> tuple[RegionPlan, ...]:
        """Plan them within the limits that are in the file beside it now.

        Raises `DeploymentError` with what is wrong with these.
        """
        limits = limits_of(self.file).regions
        return tuple(fitted(plan, limits.get(plan.region)) for plan in self.wanted)


def read_deployment(file: Path, only: Sequence[str] | None = None) -> ReadDeployment:
    """Read a deployment file for the target of the environment.

    Raises `DeploymentError`, or `UsageError` for a region or a target that there is not.
    """
    choices = load(file)
    try:
        target = target_from(os.environ, file)
    except ValueError as error:
        raise UsageError(str(error), next_step="unset it for AWS") from None
    wanted = regions(choices, target)
    return ReadDeployment(
        file=file,
        wanted=wanted,
        every=tuple(plan.region for plan in wanted),
        elsewhere=regions_elsewhere(choices, target),
    ).only(only)


def planned(deployment: Path, only: Sequence[str] | None = None) -> tuple[RegionPlan, ...]:
    """Plan the regions of a deployment file. Raises as reading and planning it do."""
    return read_deployment(deployment, only).regions()


def planned_one(deployment: Path, region: str | None = None) -> RegionPlan:
    """Plan one region of a deployment file, the first unless it is named. Raises as `planned`."""
    return planned(deployment, [region] if region else None)[0]
