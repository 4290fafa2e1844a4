"""`firehose status`: what runs in every region now, and what there needs somebody."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from console.exit_codes import UsageError
from console.marks import Mark
from console.options import DEFAULT_DEPLOYMENT, DeploymentOption, FormatOption, RegionOption
from console.outcomes import finish, named
from console.output import Format, say, write
from console.planned_regions import read_deployment
from console.whole_file import write_whole
from ops.live.every_region import in_live_regions
from ops.live.orphans import find_orphans, orphaned
from ops.oncall.board import board_of
from ops.oncall.board_page import page
from ops.oncall.concerns import concerns_of, read_now
from ops.oncall.history import history_rows
from ops.oncall.skew import skew
from ops.oncall.status_rows import FUNCTION_FACTS, REGION_FACTS, function_rows, region_row
from ops.oncall.watching import watch as watch_regions
from plan.region_plan import RegionPlan


def status(
    *,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    region: RegionOption = None,
    wide: Annotated[
        bool, typer.Option("--wide", help="Every fact, one row for each function.")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="All regions on one screen, until Ctrl-C.")
    ] = False,
    every: Annotated[
        int, typer.Option(min=10, help="With --watch: look again after so many seconds.")
    ] = 60,
    html: Annotated[
        Path | None,
        typer.Option("--html", help="Write the screen as a page, for a wall.", metavar="FILE"),
    ] = None,
    history: Annotated[
        bool, typer.Option("--history", help="Who deployed or moved what and when, instead.")
    ] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show versions, calls, alarms and queues of every region. Changes nothing.

    Ends with code 1 when regions differ, one is not as planned or does not serve what was deployed
    last, an alarm rings or messages were given up. Who may invoke is `firehose verify`'s subject.

    With `--watch`, each look is one GetMetricData call a region, for up to 18 metrics. At the
    default pace, all day long, CloudWatch bills about 8 USD a month and region.

    Example: firehose status --watch --html build/wall.html
    """
    _refuse_together({"--wide": wide, "--watch": watch, "--history": history})
    chosen = read_deployment(deployment, region)
    plans = chosen.regions()
    if watch:
        _watch(plans, every, html)
        return
    if history:
        _history(plans, form)
        return
    found, failures = in_live_regions(plans, read_now)
    if html:
        board = board_of(plans, {it.region: live for it, live in found}, failures)
        write_whole(html, page(board, every_seconds=None))
        say(f"Written: {html}")
    regions = [live for _, live in found]
    concerns = {live.plan.region: tuple(concerns_of(live)) for live in regions}
    if wide:
        rows = [row for live in regions for row in function_rows(live)]
        write(rows, form=form, facts=FUNCTION_FACTS, details=True)
    else:
        summed_up = [region_row(live, concerns[live.plan.region], form) for live in regions]
        write(summed_up, form=form, facts=REGION_FACTS, details=False)
    problems = [*skew(regions), *(str(it) for them in concerns.values() for it in them)]
    if found and not region:
        problems += [f"{Mark.ATTENTION} {orphaned(it)}" for it in find_orphans(chosen.elsewhere)]
    finish(failures, problems)
    only = named(plans, chosen.every)
    say(f"Nothing needs you in {only}." if only else "Nothing needs you.")


def _refuse_together(options: Mapping[str, bool]) -> None:
    chosen = [name for name, is_on in options.items() if is_on]
    if len(chosen) > 1:
        raise UsageError(
            f"{' and '.join(chosen)}: found together",
            next_step="choose one of them",
        )


def _history(plans: Sequence[RegionPlan], form: Format) -> None:
    found, failures = in_live_regions(plans, history_rows)
    rows = [row for _, them in found for row in them]
    write(sorted(rows, key=lambda it: str(it["time"]), reverse=True), form=form)
    finish(failures)
    say(
        "Of the last 90 days, the newest first; who: by CloudTrail, which tells after some minutes."
    )


def _watch(plans: Sequence[RegionPlan], every_seconds: int, html: Path | None) -> None:
    if not html and not sys.stdout.isatty():
        raise UsageError(
            "--watch: found no terminal",
            next_step="firehose status --watch --html FILE, or leave --watch out",
        )
    watch_regions(plans, every_seconds=every_seconds, html=html)
