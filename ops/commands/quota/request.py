"""`firehose quota request`: ask AWS for what the traffic needs and the account does not have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

import typer

from cloud.regions import in_every_region
from console.options import DEFAULT_DEPLOYMENT, DeploymentOption, FormatOption, RegionOption
from console.outcomes import finish, sorted_out
from console.output import Format, Record, say, write
from console.planned_regions import read_deployment
from ops.readiness.capacity_checks import ConcurrencyNeed, needs_of
from ops.readiness.quota_case import case_text
from ops.readiness.quota_decisions import (
    PAUSE_SECONDS,
    QuotaRequests,
    WaitOption,
    decided,
    refusals,
    refuse_to_end_early,
)
from ops.readiness.quotas import QuotaRequest, ask, requests_of
from plan.region_plan import RegionPlan

if TYPE_CHECKING:
    from boto3.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaOutcome:
    """One need of one region, what became of it, and the request that is about it, if any."""

    plan: RegionPlan
    need: ConcurrencyNeed
    outcome: str
    request: QuotaRequest | None = None
    is_new: bool = False


def request(
    *,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    region: RegionOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be asked for, and ask nothing.")
    ] = False,
    wait: WaitOption = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Ask AWS for what the traffic needs, in every region that has less and no open request.

    AWS decides at once or opens a support case; answer it with the text of `firehose quota text`.
    With --wait the requests are followed until AWS has decided, and shown as they are then.

    Example: firehose quota request --dry-run
    """
    plans = read_deployment(deployment, region).wanted

    def work(session: Session, plan: RegionPlan) -> list[QuotaOutcome]:
        return [_request(session, plan, need, dry_run=dry_run) for need in needs_of(session, plan)]

    found, failures = sorted_out(in_every_region(plans, work))
    rows = [row for _, them in found for row in them]
    for plan in plans:
        if any(row.plan == plan and (row.is_new or row.outcome == "would ask") for row in rows):
            say(f"\nFor the support case in {plan.region}:\n{case_text(plan)}")
    followed: list[tuple[RegionPlan, QuotaRequests]] = []
    stopped = False
    if wait and not dry_run:
        followed, lost, stopped = decided(plans, pause_seconds=PAUSE_SECONDS)
        failures += lost
        rows = _as_they_are_now(rows, {plan.region: made for plan, made in followed})
    write([_asked_row(row) for row in rows], form=form)
    finish(failures, [text for plan, made in followed for text in refusals(plan, made)])
    refuse_to_end_early(stopped=stopped)
    say("Nothing was asked for (--dry-run)." if dry_run else "Next: firehose quota status")


def _request(
    session: Session, plan: RegionPlan, need: ConcurrencyNeed, *, dry_run: bool
) -> QuotaOutcome:
    waiting = [it for it in requests_of(session, need.quota) if it.is_open]
    if need.is_met:
        return QuotaOutcome(
            plan=plan, need=need, outcome="enough", request=waiting[0] if waiting else None
        )
    if waiting:
        outcome = f"{waiting[0].desired} is asked for already"
        return QuotaOutcome(plan=plan, need=need, outcome=outcome, request=waiting[0])
    if dry_run:
        return QuotaOutcome(plan=plan, need=need, outcome="would ask")
    say(f"{plan.region}: asking for {need.needed:,} {need.quota.text} …")
    made = ask(session, need.quota, need.needed)
    return QuotaOutcome(plan=plan, need=need, outcome="asked", request=made, is_new=True)


def _as_they_are_now(
    rows: Sequence[QuotaOutcome], made: Mapping[str, QuotaRequests]
) -> list[QuotaOutcome]:
    """Give each row the request that it is about as AWS told it last."""
    now = {it.identifier: it for them in made.values() for _, it in them}
    return [
        replace(row, request=now.get(row.request.identifier, row.request)) if row.request else row
        for row in rows
    ]


def _asked_row(it: QuotaOutcome) -> Record:
    return {
        "region": it.plan.region,
        "quota": it.need.quota.text,
        "has": it.need.applied,
        "needs": it.need.needed,
        "outcome": it.outcome,
        "status": it.request.status if it.request else None,
        "case": it.request.case if it.request else None,
        "request": it.request.identifier if it.request and it.is_new else None,
    }
