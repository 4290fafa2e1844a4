"""What ran at once and was throttled in the last days, and what that says to ask for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from ops.live.region import LiveRegion
from plan.mparticle import MINIMUM_CONCURRENCY
from plan.quotas import UNRESERVED_FLOOR

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


def peaks_of(live: LiveRegion, days: int) -> Peaks:
    """Read the highest of the last days over a region's endpoints."""
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


def highest(
    session: Session, function: str, metric: str, statistic: Literal["Maximum", "Sum"], days: int
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
