"""Every check of every region before a deployment, and the limits that are measured for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from console.exit_codes import CommandError
from console.options import planned
from console.output import say
from ops.live.every_region import in_live_regions
from ops.live.orphans import find_orphans
from ops.live.region import LiveRegion
from ops.readiness.account_limits import measure, write_limits
from ops.readiness.capacity_checks import concurrency_checks, grant_checks, quota_checks
from ops.readiness.checks import ReadinessCheck, ReadinessState
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


@dataclass(frozen=True, slots=True)
class Readiness:
    """One region: its checks, and the limits measured there."""

    checks: Sequence[ReadinessCheck]
    limits: RegionLimits


def check_regions(
    deployment: Path, only: Sequence[str] | None, *, keep: bool
) -> tuple[list[ReadinessCheck], list[CommandError]]:
    """Check every region; with `keep`, write what was measured beside the deployment file."""
    # what the choices ask for, before an older measurement takes something out
    wanted = planned(deployment, only, limits=Limits())
    found, failures = in_live_regions(wanted, _examine)
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
    if found and not only:
        checks += _orphan_checks(deployment)
    return checks, failures


def _orphan_checks(deployment: Path) -> list[ReadinessCheck]:
    return [
        ReadinessCheck(
            region=it.plan.region,
            name="orphan",
            state=ReadinessState.ATTENTION,
            found=it.text,
            next_step=it.next_step,
        )
        for it in find_orphans(deployment)
    ]


def _keep(deployment: Path, measured: Mapping[str, RegionLimits]) -> None:
    if not measured:
        say("No limits are kept: none was measured on AWS.")
        return
    path = write_limits(deployment, measured)
    say(f"Measured limits written to {path}; commit it." if path else "Limits are unchanged.")


def _examine(live: LiveRegion) -> Readiness:
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
    return Readiness(checks, measure(session, plan, own_functions(live)))
