"""Every check of every region before a deployment, and the limits that are measured for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from console.exit_codes import CommandError
from console.output import say
from console.planned_regions import ReadDeployment
from ops.live.every_region import in_live_regions
from ops.live.orphans import find_orphans, orphaned
from ops.live.region import LiveRegion
from ops.readiness.account_limits import measure, write_limits
from ops.readiness.capacity_checks import concurrency_checks, grant_checks, quota_checks
from ops.readiness.checks import ReadinessCheck, attention
from ops.readiness.region_checks import (
    account_check,
    bootstrap_check,
    destination_checks,
    enabled_check,
    name_checks,
    own_functions,
    queue_check,
    rollout_check,
    stack_check,
)
from plan.limits import Limits, RegionLimits


def check_regions(
    chosen: ReadDeployment, only: Sequence[str] | None, *, keep: bool
) -> tuple[list[ReadinessCheck], list[CommandError]]:
    """Check every region; with `keep`, write what was measured beside the deployment file."""
    # what the choices ask for, before an older measurement takes something out
    found, failures = in_live_regions(chosen.regions(only, limits=Limits()), _examine)
    measured = {plan.region: limits for plan, (_, limits) in found}
    if keep:
        _keep(chosen.file, {plan.region: limits for plan, (_, limits) in found if plan.complete})
    fitted = chosen.regions(only, limits=Limits(regions=measured))
    limited = {plan.region: plan for plan in fitted}
    checks = [
        check
        for plan, (of_region, limits) in found
        for check in (
            *of_region,
            *concurrency_checks(limited[plan.region], limits),
            *grant_checks(plan),
        )
    ]
    if found and not only:
        for plan in find_orphans(chosen.elsewhere()):
            way_out = orphaned(plan)
            checks.append(attention(plan, "orphan", way_out.text, way_out.next_step))
    return checks, failures


def _keep(deployment: Path, measured: Mapping[str, RegionLimits]) -> None:
    if not measured:
        say("No limits are kept: none was measured on AWS.")
        return
    path = write_limits(deployment, measured)
    say(f"Measured limits written to {path}; commit it." if path else "Limits are unchanged.")


def _examine(live: LiveRegion) -> tuple[list[ReadinessCheck], RegionLimits]:
    """Give a region's checks, and the limits measured there."""
    session, plan = live.session, live.plan
    account = account_check(session, plan)
    checks = [
        account,
        enabled_check(session, plan),
        bootstrap_check(session, plan, plan.account or account.found),
        stack_check(live),
        *queue_check(live),
        *rollout_check(live),
        *name_checks(live),
        *destination_checks(session, plan),
        *quota_checks(session, plan),
    ]
    return checks, measure(session, plan, own_functions(live))
