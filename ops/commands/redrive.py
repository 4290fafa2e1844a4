"""`firehose redrive`: dead letters back to the queue, or counted by why they are there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from threading import Event
from typing import Annotated

import typer

from cloud.queues import queue_urls
from console.exit_codes import ExitCode, UsageError
from console.interruption import stop_on_ctrl_c
from console.options import DEFAULT_DEPLOYMENT, DeploymentOption, FormatOption, RegionOption
from console.outcomes import finish
from console.output import Format, Record, say, write
from console.planned_regions import planned
from console.progress import Steps, steps
from ops.live.every_region import in_live_regions
from ops.live.region import LiveRegion
from ops.oncall import dead_letters
from ops.oncall.dead_letters import Redriven
from plan.region_plan import RegionPlan

_LOOKED_AT = 1_000
"""How many messages of a region a dry run reads unless told otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionDeadLetters:
    """One region's dead letters: how many in all, and those read or moved, by reason."""

    in_all: int
    reasons: Counter[str]
    left: int = 0
    refused: int = 0


def redrive(
    *,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    region: RegionOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Count by reason, without showing or moving any.")
    ] = False,
    reason: Annotated[
        str | None, typer.Option(help="Only those with this reason, as --dry-run prints it.")
    ] = None,
    rate: Annotated[
        float, typer.Option(min=0.1, help="Messages a second, in each region.", metavar="N")
    ] = 50.0,
    most: Annotated[
        int | None, typer.Option(min=1, help="At most so many in each region.", metavar="N")
    ] = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Move dead letters back to the queue, from where the worker tries them again.

    Do it once what made them fail is mended. Ctrl-C stops after the batch at hand; no message is
    lost, and at worst one batch is delivered twice.

    Example: firehose redrive --region us-east-1 --dry-run
    """
    plans = [plan for plan in planned(deployment, region) if plan.delivery]
    if not plans:
        raise UsageError(
            f"{deployment} queues nothing, so there are no dead letters",
            next_step="nothing; or queue a message family under [processing]",
        )
    if not dry_run:
        which = f"with the reason {reason!r}" if reason else "with any reason"
        say(f"Moving dead letters {which} back to the queue, {rate:g} a second in each region …")
    with stop_on_ctrl_c() as stop, steps("dead letters") as progress:
        work = (
            partial(_count, most=most or _LOOKED_AT)
            if dry_run
            else partial(_move, reason=reason, rate=rate, most=most, stop=stop, progress=progress)
        )
        found, failures = in_live_regions(plans, work)
    write(_records(found, dry_run=dry_run), form=form)
    _say_what_stays(found, dry_run=dry_run)
    finish(failures, _refusals(found))
    if stop.is_set():
        say("Stopped; what is not counted above is still a dead letter.\nNext: run it again")
        raise typer.Exit(ExitCode.INTERRUPTED)


def _count(live: LiveRegion, most: int) -> RegionDeadLetters:
    sqs, urls = live.session.client("sqs"), queue_urls(live.stack)
    in_all = dead_letters.depth(sqs, urls.dead_letters)
    reasons: Counter[str] = Counter()
    if in_all:
        reasons = dead_letters.count_by_reason(sqs, urls.dead_letters, most=most)
    return RegionDeadLetters(in_all=in_all, reasons=reasons)


def _move(
    live: LiveRegion,
    *,
    reason: str | None,
    rate: float,
    most: int | None,
    stop: Event,
    progress: Steps,
) -> RegionDeadLetters:
    sqs, urls = live.session.client("sqs"), queue_urls(live.stack)
    in_all = dead_letters.depth(sqs, urls.dead_letters)

    def moved(done: Redriven) -> None:
        note = f"{done.left} left" if done.left else ""
        progress.report(live.plan.region, done.moved.total(), in_all, note)

    done = dead_letters.redrive(
        sqs,
        urls,
        only=reason,
        per_second=rate,
        most=min(in_all, most or in_all),
        stop=stop,
        moved=moved,
    )
    return RegionDeadLetters(
        in_all=in_all, reasons=done.moved, left=done.left, refused=done.refused
    )


def _records(
    found: Sequence[tuple[RegionPlan, RegionDeadLetters]], *, dry_run: bool
) -> list[Record]:
    counted = "messages" if dry_run else "moved"
    return [
        {"region": plan.region, "reason": reason, counted: number}
        for plan, it in found
        for reason, number in it.reasons.most_common()
    ]


def _say_what_stays(
    found: Sequence[tuple[RegionPlan, RegionDeadLetters]], *, dry_run: bool
) -> None:
    for plan, it in found:
        seen = it.reasons.total()
        if not it.in_all:
            say(f"{plan.region}: no dead letters")
        elif dry_run and seen < it.in_all:
            say(f"{plan.region}: read {seen} of about {it.in_all}; --most reads more")
        elif it.left:
            say(f"{plan.region}: {it.left} have another reason and stay")


def _refusals(found: Sequence[tuple[RegionPlan, RegionDeadLetters]]) -> list[str]:
    return [
        f"{plan.region}: SQS refused {it.refused} messages; they are dead letters still"
        f"\nNext: firehose status --region {plan.region}, then run it again"
        for plan, it in found
        if it.refused
    ]
