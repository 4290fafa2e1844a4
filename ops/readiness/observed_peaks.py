"""`firehose quota recommend`: what the traffic of the last days says to ask for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from console.options import (
    DEFAULT_DEPLOYMENT,
    DeploymentOption,
    FormatOption,
    RegionOption,
    planned,
)
from console.outcomes import finish
from console.output import Format, Record, say, write
from ops.live.every_region import in_live_regions
from ops.live.region import LiveRegion
from plan.mparticle import MINIMUM_CONCURRENCY
from plan.quotas import UNRESERVED_FLOOR
from plan.region_plan import RegionPlan

if TYPE_CHECKING:
    from boto3.session import Session

_MORE_PERCENT = 50
"""mParticle's advice: the highest number seen in the graph of throttles, and half more."""
_PERIOD_SECONDS = 300
_POINTS_AT_ONCE = timedelta(days=5)
"""CloudWatch gives at most 1,440 points in an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Peaks:
    """The highest of a period, over a region's endpoints: environments at once, and throttles.

    `throttles` counts those of the worst minute on average within five.
    """

    concurrency: int
    throttles: int

    @property
    def recommended(self) -> int:
        """What to ask for: half more than the demand, and never less than mParticle's minimum."""
        demand = (self.concurrency + self.throttles) * (100 + _MORE_PERCENT)
        return max(-(-demand // 100), MINIMUM_CONCURRENCY) + UNRESERVED_FLOOR


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

    def work(live: LiveRegion) -> Peaks:
        session, functions = live.session, [it.name for it in live.endpoints]
        return Peaks(
            concurrency=sum(
                highest(session, function, "ConcurrentExecutions", "Maximum", days)
                for function in functions
            ),
            throttles=sum(
                -(-highest(session, function, "Throttles", "Sum", days) * 60 // _PERIOD_SECONDS)
                for function in functions
            ),
        )

    found, failures = in_live_regions(planned(deployment, region), work)
    write([_record(plan, peaks, days) for plan, peaks in found], form=form)
    finish(failures)
    say(
        "Next: write what you expect to [traffic] in the deployment file,"
        " then firehose quota request"
    )


def highest(
    session: Session,
    function: str,
    metric: str,
    statistic: Literal["Maximum", "Sum"],
    days: int,
) -> int:
    """Find the highest five minutes of a function's metric; 0 where nothing was measured."""
    cloudwatch = session.client("cloudwatch")
    end = datetime.now(UTC)
    start = end - timedelta(days=days)
    peak = 0.0
    while start < end:
        until = min(start + _POINTS_AT_ONCE, end)
        answer = cloudwatch.get_metric_statistics(
            Namespace="AWS/Lambda",
            MetricName=metric,
            Dimensions=[{"Name": "FunctionName", "Value": function}],
            StartTime=start,
            EndTime=until,
            Period=_PERIOD_SECONDS,
            Statistics=[statistic],
        )
        peak = max([peak, *(point[statistic] for point in answer["Datapoints"])])
        start = until
    return round(peak)


def _record(plan: RegionPlan, peaks: Peaks, days: int) -> Record:
    return {
        "region": plan.region,
        "days": days,
        "highest_concurrency": peaks.concurrency,
        "highest_throttles": peaks.throttles,
        "recommended": peaks.recommended,
    }
