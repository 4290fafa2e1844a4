"""The options that commands share, and the plan they ask for with them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from console.exit_codes import CommandError, ExitCode
from console.output import Format
from plan import names
from plan.deployment import load
from plan.limits import Limits, limits_of
from plan.region_plan import RegionPlan
from plan.regions import regions, regions_elsewhere
from plan.target import Target, target_from

DeploymentOption = Annotated[
    Path,
    typer.Option(
        "--deployment",
        envvar=names.DEPLOYMENT_VARIABLE,
        help="The deployment file: your choices.",
        metavar="FILE",
    ),
]
RegionOption = Annotated[
    list[str] | None,
    typer.Option("--region", help="Only this region; may be repeated.", metavar="REGION"),
]
OneRegionOption = Annotated[
    str | None,
    typer.Option(
        "--region", help="The region whose plan is used; else the first.", metavar="REGION"
    ),
]
FormatOption = Annotated[Format, typer.Option("--format", help="How stdout is written.")]

DEFAULT_DEPLOYMENT = Path(names.DEPLOYMENT_FILE)


def planned(
    deployment: Path, only: Sequence[str] | None = None, *, limits: Limits | None = None
) -> tuple[RegionPlan, ...]:
    """Plan every region of a deployment file, or only the regions named.

    `limits` are those of the file beside it unless given.
    Raises `DeploymentError`, or `CommandError` for a region that the file does not plan.
    """
    limits = limits_of(deployment) if limits is None else limits
    plan = regions(load(deployment), _target(deployment), limits)
    unknown = sorted(set(only or ()) - {region.region for region in plan})
    if unknown:
        raise CommandError(
            f"--region: found {', '.join(unknown)}, which {deployment} does not plan",
            next_step=f"choose from {', '.join(region.region for region in plan)}",
            exit_code=ExitCode.USAGE,
        )
    return tuple(region for region in plan if not only or region.region in only)


def elsewhere(deployment: Path) -> tuple[RegionPlan, ...]:
    """Plan the regions of mParticle's that a deployment file leaves out, as if it did not.

    Raises as `planned`.
    """
    return regions_elsewhere(load(deployment), _target(deployment))


def planned_one(deployment: Path, region: str | None = None) -> RegionPlan:
    """Plan one region of a deployment file, the first unless it is named. Raises as `planned`."""
    return planned(deployment, [region] if region else None)[0]


def _target(deployment: Path) -> Target:
    try:
        return target_from(os.environ, deployment)
    except ValueError as error:
        raise CommandError(
            str(error), next_step="unset it for AWS", exit_code=ExitCode.USAGE
        ) from None
