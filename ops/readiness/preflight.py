"""`firehose preflight`: whether each region is ready to be deployed and to carry the traffic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ops.aws import in_every_region
from ops.console.exit_codes import CommandError
from ops.console.options import (
    DEFAULT_DEPLOYMENT,
    DeploymentOption,
    FormatOption,
    RegionOption,
    planned,
)
from ops.console.outcomes import finish, sorted_out
from ops.console.output import Format, say, write
from ops.readiness.account_limits import measure, write_limits
from ops.readiness.capacity_checks import concurrency_checks, grant_checks, quota_checks
from ops.readiness.checks import Check, State
from ops.readiness.region_checks import (
    LAMBDA_FUNCTION,
    account_check,
    bootstrap_check,
    enabled_check,
    name_checks,
    own_functions,
    stack_check,
)
from plan.limits import Limits, RegionLimits
from plan.region_plan import RegionPlan

if TYPE_CHECKING:
    from boto3.session import Session


@dataclass(frozen=True, slots=True)
class Readiness:
    """One region: its checks, and the limits measured there."""

    checks: Sequence[Check]
    limits: RegionLimits


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
    checks, failures = check_regions(deployment, region, keep=not dry_run)
    write([check.record(form) for check in checks], form=form)
    finish(failures, [f"✗ {check}" for check in checks if check.state is State.FAILED])
    attention = sum(check.state is State.ATTENTION for check in checks)
    say(f"Ready{f', but see the {attention} lines with !' if attention else ''}. Next: cdk deploy")


def check_regions(
    deployment: Path, only: Sequence[str] | None, *, keep: bool
) -> tuple[list[Check], list[CommandError]]:
    """Check every region; with `keep`, write what was measured beside the deployment file."""
    # what the choices ask for, before an older measurement takes something out
    wanted = planned(deployment, only, limits=Limits())
    found, failures = sorted_out(in_every_region(wanted, _examine))
    measured = {plan.region: readiness.limits for plan, readiness in found}
    if keep:
        _keep(deployment, {plan.region: it.limits for plan, it in found if plan.complete})
    fitted = planned(deployment, only, limits=Limits(regions=measured))
    limited = {plan.region: plan for plan in fitted}
    checks = [
        check
        for plan, readiness in found
        for check in (
            *readiness.checks,
            *concurrency_checks(limited[plan.region], readiness.limits),
            *grant_checks(plan),
        )
    ]
    return checks, failures


def _keep(deployment: Path, measured: Mapping[str, RegionLimits]) -> None:
    if not measured:
        say("No limits are kept: none was measured on AWS.")
        return
    path = write_limits(deployment, measured)
    say(f"Measured limits written to {path}; commit it." if path else "Limits are unchanged.")


def _examine(session: Session, plan: RegionPlan) -> Readiness:
    account = account_check(session, plan)
    own = own_functions(session, plan)
    checks = [
        account,
        enabled_check(session, plan),
        bootstrap_check(session, plan, plan.account or account.found),
        stack_check(session, plan),
        *name_checks(session, plan, own),
        *quota_checks(session, plan),
    ]
    return Readiness(checks, measure(session, plan, own.get(LAMBDA_FUNCTION, ())))
