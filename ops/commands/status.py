"""`firehose status`: what runs in every region now, and what there needs somebody."""

from __future__ import annotations

from typing import Annotated

import typer

from console.marks import Mark
from console.options import (
    DEFAULT_DEPLOYMENT,
    DeploymentOption,
    FormatOption,
    RegionOption,
    planned,
)
from console.outcomes import finish, named
from console.output import Format, say, write
from ops.live.every_region import in_live_regions
from ops.live.orphans import find_orphans
from ops.live.region import LiveRegion
from ops.oncall.concerns import concerns_of
from ops.oncall.skew import skew
from ops.oncall.status_rows import FUNCTION_FACTS, REGION_FACTS, function_rows, region_row


def status(
    *,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    region: RegionOption = None,
    wide: Annotated[bool, typer.Option("--wide", help="Every fact, a row for a function.")] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show versions, calls, alarms and queues of every region. Changes nothing.

    Ends with code 1 when regions differ, one is not as planned or does not serve what was deployed
    last, an alarm rings or messages were given up. Who may invoke is `firehose verify`'s subject.

    Example: firehose status --wide --format json
    """
    plans = planned(deployment, region)
    found, failures = in_live_regions(plans, read_now)
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
        orphans, not_looked = find_orphans(deployment)
        problems += [f"{Mark.ATTENTION} {it}" for it in orphans]
        for text in not_looked:
            say(text)
    finish(failures, problems)
    only = named(plans, planned(deployment))
    say(f"Nothing needs you in {only}." if only else "Nothing needs you.")


def read_now(live: LiveRegion) -> LiveRegion:
    """Read what a status shows, so that what fails fails for its region alone."""
    _ = (live.functions, live.function_differences, live.depths, live.ringing, live.metrics)
    return live
