"""The regions that a command works on: what its deployment file plans, which is read once."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from console.exit_codes import UsageError
from plan.deployment import Deployment, load
from plan.limits import Limits, limits_of
from plan.region_plan import RegionPlan
from plan.regions import regions, regions_elsewhere
from plan.target import Target, target_from


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadDeployment:
    """A deployment file as it was read, and where it goes."""

    file: Path
    choices: Deployment
    target: Target

    def regions(
        self, only: Sequence[str] | None = None, *, limits: Limits | None = None
    ) -> tuple[RegionPlan, ...]:
        """Plan every region, or only the regions named.

        `limits` are those of the file beside it now unless given. Raises `DeploymentError` for
        these, or `CommandError` for a region that is not planned.
        """
        limits = limits_of(self.file) if limits is None else limits
        plans = regions(self.choices, self.target, limits)
        unknown = sorted(set(only or ()) - {plan.region for plan in plans})
        if unknown:
            raise UsageError(
                f"--region: found {', '.join(unknown)}, which {self.file} does not plan",
                next_step=f"choose from {', '.join(plan.region for plan in plans)}",
            )
        return tuple(plan for plan in plans if not only or plan.region in only)

    def elsewhere(self) -> tuple[RegionPlan, ...]:
        """Plan the regions of mParticle's that the file leaves out, as if it did not."""
        return regions_elsewhere(self.choices, self.target)


def read_deployment(file: Path) -> ReadDeployment:
    """Read a deployment file for the target of the environment.

    Raises `DeploymentError`, or `CommandError` for a target that there is not.
    """
    choices = load(file)
    try:
        target = target_from(os.environ, file)
    except ValueError as error:
        raise UsageError(str(error), next_step="unset it for AWS") from None
    return ReadDeployment(file=file, choices=choices, target=target)


def planned(
    deployment: Path, only: Sequence[str] | None = None, *, limits: Limits | None = None
) -> tuple[RegionPlan, ...]:
    """Plan the regions of a deployment file. Raises as reading and planning it do."""
    return read_deployment(deployment).regions(only, limits=limits)


def planned_one(deployment: Path, region: str | None = None) -> RegionPlan:
    """Plan one region of a deployment file, the first unless it is named. Raises as `planned`."""
    return planned(deployment, [region] if region else None)[0]
