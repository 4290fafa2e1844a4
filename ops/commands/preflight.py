"""`firehose preflight`: whether each region is ready to be deployed and to carry the traffic."""

from __future__ import annotations

from typing import Annotated

import typer

from console.options import DEFAULT_DEPLOYMENT, DeploymentOption, FormatOption, RegionOption
from console.outcomes import finish
from console.output import Format, say, write
from console.planned_regions import read_deployment
from ops.planning.cost_report import deployment_cost, summary
from ops.readiness.checks import ReadinessState
from ops.readiness.readiness import check_regions
from plan.prices import LIST_PRICES


def preflight(
    *,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    region: RegionOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Check only; leave the limits file as it is.")
    ] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Check every region before a deployment, and measure what the account may use there.

    The measured limits go into a file beside the deployment file, so that a reservation that AWS
    would refuse is left out until it fits. Commit that file.

    Example: firehose preflight --region us-east-1
    """
    chosen = read_deployment(deployment, region)
    checks, failures = check_regions(chosen, is_part=bool(region), keep=not dry_run)
    facts = ("region", "check", "state", "found")
    write([check.record(form) for check in checks], form=form, facts=facts, details=False)
    costs = deployment_cost(chosen.regions(), LIST_PRICES)
    say(f"{summary(costs)}: firehose plan --cost")
    finish(
        failures,
        [f"{check.state.mark} {check}" for check in checks if check.state is ReadinessState.FAILED],
    )
    attention = sum(check.state is ReadinessState.ATTENTION for check in checks)
    say(f"Ready{f', but see the {attention} lines with !' if attention else ''}. Next: cdk deploy")
