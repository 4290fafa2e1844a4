"""`firehose quota recommend`: what the traffic of the last days says to ask for."""

from __future__ import annotations

from typing import Annotated

import typer

from console.options import DEFAULT_DEPLOYMENT, DeploymentOption, FormatOption, RegionOption
from console.outcomes import finish
from console.output import Format, Record, say, write
from console.planned_regions import planned
from ops.live.every_region import in_live_regions
from ops.readiness.observed_peaks import Peaks, peaks_of
from plan.region_plan import RegionPlan


def recommend(
    *,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    region: RegionOption = None,
    days: Annotated[int, typer.Option(min=1, max=60, help="How far back.")] = 14,
    form: FormatOption = Format.TABLE,
) -> None:
    """Recommend a concurrency limit from what was seen: the highest demand, and half more.

    Demand is what ran at once plus what was throttled, at their highest.

    Example: firehose quota recommend --days 30
    """
    found, failures = in_live_regions(
        planned(deployment, region), lambda live: peaks_of(live, days)
    )
    write([_record(plan, peaks, days) for plan, peaks in found], form=form)
    finish(failures)
    say(
        "Next: write what you expect to [traffic] in the deployment file,"
        " then firehose quota request"
    )


def _record(plan: RegionPlan, peaks: Peaks, days: int) -> Record:
    return {
        "region": plan.region,
        "days": days,
        "highest_concurrency": peaks.concurrency,
        "highest_throttles": peaks.throttles,
        "recommended": peaks.recommended,
    }
