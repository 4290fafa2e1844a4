"""`firehose quota`: what to ask AWS for in each region, asking it, and how that stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

import typer

from cloud.regions import in_every_region
from console.exit_codes import CommandError, ExitCode
from console.options import (
    DEFAULT_DEPLOYMENT,
    DeploymentOption,
    FormatOption,
    RegionOption,
    planned,
)
from console.outcomes import finish, sorted_out
from console.output import Format, Record, say, write
from ops.readiness.capacity_checks import ConcurrencyNeed, needs_of
from ops.readiness.observed_peaks import recommend
from ops.readiness.quota_case import case_text
from ops.readiness.quota_decisions import PAUSE_SECONDS, QuotaRequests, decided, decisions, is_open
from ops.readiness.quotas import QuotaName, QuotaRequest, ask, requests_of
from plan.limits import Limits
from plan.region_plan import RegionPlan

if TYPE_CHECKING:
    from boto3.session import Session

commands = typer.Typer(help="What AWS allows, and asking for more.", no_args_is_help=True)
commands.command()(recommend)

_REFUSED = frozenset({"DENIED", "NOT_APPROVED", "INVALID_REQUEST"})

WaitOption = Annotated[
    bool, typer.Option("--wait", help="Ask again every minute until AWS has decided.")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaOutcome:
    """One need of one region, what became of it, and the request that is about it, if any."""

    plan: RegionPlan
    need: ConcurrencyNeed
    outcome: str
    request: QuotaRequest | None = None
    is_new: bool = False


@commands.command()
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
    plans = planned(deployment, region, limits=Limits())

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
    finish(failures, [text for plan, made in followed for text in _refusals(plan, made)])
    _refuse_to_end_early(stopped=stopped)
    say("Nothing was asked for (--dry-run)." if dry_run else "Next: firehose quota status")


@commands.command()
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
    found: list[tuple[RegionPlan, QuotaRequests]]
    failures: list[CommandError]
    stopped = False
    if wait:
        found, failures, stopped = decided(plans, pause_seconds=PAUSE_SECONDS)
    else:
        found, failures = decisions(plans)
    write([_status_row(plan, *it) for plan, made in found for it in made], form=form)
    finish(failures, [text for plan, made in found for text in _refusals(plan, made)])
    _refuse_to_end_early(stopped=stopped)
    if any(is_open(made) for _, made in found):
        say("Next: wait for AWS, and answer its case with `firehose quota text`.")
    elif any(made for _, made in found):
        say("Next: firehose preflight")
    else:
        say("Nothing was asked for. Next: firehose quota request --dry-run")


@commands.command()
def text(*, deployment: DeploymentOption = DEFAULT_DEPLOYMENT, region: RegionOption = None) -> None:
    """Print what to write into the support case, with mParticle's own values. Asks AWS nothing.

    Example: firehose quota text --region eu-central-1
    """
    for plan in planned(deployment, region, limits=Limits()):
        typer.echo(f"{case_text(plan)}\n")


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


def _refuse_to_end_early(*, stopped: bool) -> None:
    if stopped:
        say("Stopped asking; the requests stay.\nNext: firehose quota status --wait")
        raise typer.Exit(ExitCode.INTERRUPTED)


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


def _refusals(plan: RegionPlan, made: QuotaRequests) -> list[str]:
    """Name each quota whose newest request AWS refused."""
    newest = dict(reversed(made))
    return [
        f"{plan.region}: AWS refused {it.desired:,} {quota.text}: {it.status}"
        f"\nNext: reopen case {it.case or 'in the support centre'} with `firehose quota text`"
        for quota, it in newest.items()
        if it.status in _REFUSED
    ]
