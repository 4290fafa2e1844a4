"""`firehose quota`: what to ask AWS for in each region, asking it, and how that stands."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from ops.aws import in_every_region
from ops.console.options import (
    DEFAULT_DEPLOYMENT,
    DeploymentOption,
    FormatOption,
    RegionOption,
    planned,
)
from ops.console.outcomes import finish, sorted_out
from ops.console.output import Format, Record, say, write
from ops.readiness.capacity_checks import Need, needs_of
from ops.readiness.observed_peaks import recommend
from ops.readiness.quota_case import case_text
from ops.readiness.quotas import (
    API_RATE,
    LAMBDA_CONCURRENCY,
    QuotaName,
    QuotaRequest,
    ask,
    requests_of,
)
from plan.limits import Limits
from plan.regions import RegionPlan

if TYPE_CHECKING:
    from boto3.session import Session

commands = typer.Typer(help="What AWS allows, and asking for more.", no_args_is_help=True)
commands.command()(recommend)

_PAUSE_SECONDS = 60.0
_REFUSED = frozenset({"DENIED", "NOT_APPROVED", "INVALID_REQUEST"})


@commands.command()
def request(
    *,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    region: RegionOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be asked for, and ask nothing.")
    ] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Ask AWS for what the traffic needs, in every region that has less and no open request.

    AWS decides at once or opens a support case; answer it with the text of `firehose quota text`.

    Example: firehose quota request --dry-run
    """
    plans = planned(deployment, region, limits=Limits())

    def work(session: Session, plan: RegionPlan) -> list[Record]:
        return [_request(session, plan, need, dry_run=dry_run) for need in needs_of(session, plan)]

    found, failures = sorted_out(in_every_region(plans, work))
    rows = [row for _, them in found for row in them]
    write(rows, form=form)
    asked = {str(row["region"]) for row in rows if row["request"]}
    for plan in plans:
        if plan.region in asked or (dry_run and _would_ask(rows, plan.region)):
            say(f"\nFor the support case in {plan.region}:\n{case_text(plan)}")
    finish(failures)
    say("Nothing was asked for (--dry-run)." if dry_run else "Next: firehose quota status")


@commands.command()
def status(
    *,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    region: RegionOption = None,
    wait: Annotated[
        bool, typer.Option("--wait", help="Ask again every minute until AWS has decided.")
    ] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show what was asked for in each region and how AWS decided, newest first.

    Example: firehose quota status --wait
    """
    plans = planned(deployment, region)
    while True:
        found, failures = sorted_out(in_every_region(plans, _requests))
        waiting = [plan.region for plan, them in found for _, it in them if it.is_open]
        if not (wait and waiting):
            break
        say(f"AWS has not decided in {', '.join(sorted(set(waiting)))}; Ctrl-C stops asking …")
        time.sleep(_PAUSE_SECONDS)
    write([_status_row(plan, *it) for plan, them in found for it in them], form=form)
    finish(failures, [text for plan, them in found for text in _refusals(plan, them)])
    if waiting:
        say("Next: wait for AWS, and answer its case with `firehose quota text`.")
    elif any(them for _, them in found):
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


def _request(session: Session, plan: RegionPlan, need: Need, *, dry_run: bool) -> Record:
    waiting = [it for it in requests_of(session, need.quota) if it.is_open]
    made: QuotaRequest | None = None
    if need.is_met:
        outcome = "enough"
    elif waiting:
        outcome = f"{waiting[0].desired} is asked for already"
    elif dry_run:
        outcome = "would ask"
    else:
        say(f"{plan.region}: asking for {need.needed:,} {need.quota.text} …")
        made = ask(session, need.quota, need.needed)
        outcome = "asked"
    shown = made or (waiting[0] if waiting else None)
    return {
        "region": plan.region,
        "quota": need.quota.text,
        "has": need.applied,
        "needs": need.needed,
        "outcome": outcome,
        "status": shown.status if shown else None,
        "case": shown.case if shown else None,
        "request": made.identifier if made else None,
    }


def _would_ask(rows: Sequence[Record], region: str) -> bool:
    return any(row["region"] == region and row["outcome"] == "would ask" for row in rows)


def _requests(session: Session, plan: RegionPlan) -> list[tuple[QuotaName, QuotaRequest]]:
    quotas = [LAMBDA_CONCURRENCY, *([API_RATE] if plan.https else [])]
    return [(quota, it) for quota in quotas for it in requests_of(session, quota)]


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


def _refusals(plan: RegionPlan, requests: Sequence[tuple[QuotaName, QuotaRequest]]) -> list[str]:
    """Name each quota whose newest request AWS refused."""
    newest = dict(reversed(requests))
    return [
        f"{plan.region}: AWS refused {it.desired:,} {quota.text}: {it.status}"
        f"\nNext: reopen case {it.case or 'in the support centre'} with `firehose quota text`"
        for quota, it in newest.items()
        if it.status in _REFUSED
    ]
