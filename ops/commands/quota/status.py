"""`firehose quota status`: what was asked for, and how AWS decided."""

from __future__ import annotations

from console.options import DEFAULT_DEPLOYMENT, DeploymentOption, FormatOption, RegionOption
from console.outcomes import finish
from console.output import Format, Record, say, write
from console.planned_regions import planned
from ops.readiness.quota_decisions import (
    PAUSE_SECONDS,
    WaitOption,
    decided,
    decisions,
    is_open,
    refusals,
    refuse_to_end_early,
)
from ops.readiness.quotas import QuotaName, QuotaRequest
from plan.region_plan import RegionPlan


def status(
    *,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    region: RegionOption = None,
    wait: WaitOption = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show what was asked for in each region and how AWS decided, newest first.

    Example: firehose quota status --wait
    """
    plans = planned(deployment, region)
    found, failures, stopped = (
        decided(plans, pause_seconds=PAUSE_SECONDS) if wait else (*decisions(plans), False)
    )
    write([_status_row(plan, *it) for plan, made in found for it in made], form=form)
    finish(failures, [text for plan, made in found for text in refusals(plan, made)])
    refuse_to_end_early(stopped=stopped)
    if any(is_open(made) for _, made in found):
        say("Next: wait for AWS, and answer its case with `firehose quota text`.")
    elif any(made for _, made in found):
        say("Next: firehose preflight")
    else:
        say("Nothing was asked for. Next: firehose quota request --dry-run")


def _status_row(plan: RegionPlan, quota: QuotaName, it: QuotaRequest) -> Record:
    return {
        "region": plan.region,
        "quota": quota.text,
        "desired": it.desired,
        "status": it.status,
        "case": it.case,
        "made": it.made,
        "request": it.identifier,
    }
