"""Every check of every region before a deployment, and the limits that are measured for it."""

from __future__ import annotations

from collections.abc import Mapping
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
from plan.limits import RegionLimits
from plan.reservation import fitted


def check_regions(
    chosen: ReadDeployment, *, is_part: bool, keep: bool
) -> tuple[list[ReadinessCheck], list[CommandError]]:
    """Check every region; with `keep`, write what was measured beside the deployment file.

    Where the regions are not a part of those planned, other ones are looked in for orphans.
    """
    found, failures = in_live_regions(chosen.wanted, _examine)
    if keep:
        _keep(chosen.file, {plan.region: limits for plan, (_, limits) in found if plan.complete})
    checks = [
        check
        for plan, (of_region, limits) in found
        for check in (
            *of_region,
            *concurrency_checks(fitted(plan, limits), limits),
            *grant_checks(plan),
        )
    ]
    if found and not is_part:
        for plan in find_orphans(chosen.elsewhere):
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
    plan, account = live.plan, account_check(live)
    checks = [
        account,
        enabled_check(live),
        bootstrap_check(live, plan.account or account.found),
        stack_check(live),
        *queue_check(live),
        *rollout_check(live),
        *name_checks(live),
        *destination_checks(live),
        *quota_checks(live.session, plan),
    ]
    return checks, measure(live.session, plan, own_functions(live))
