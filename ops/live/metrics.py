"""What CloudWatch measured of a region lately, asked for in one call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from endpoint.metrics import METRIC_DIMENSION, METRIC_NAMESPACE
from ops.live.alarms import as_iso
from ops.live.functions import FunctionRole

if TYPE_CHECKING:
    from boto3.session import Session
    from mypy_boto3_cloudwatch.type_defs import MetricDataQueryTypeDef, MetricDataResultTypeDef

LOOKED_BACK = timedelta(hours=3)
LATELY = timedelta(minutes=5)
"""What "now" means: Lambda's measurements come a minute or two late."""
QUARTER = timedelta(minutes=15)
_PERIOD_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Series:
    """One metric, minute by minute, newest first; minutes without a measurement are missing."""

    points: Sequence[tuple[datetime, float]] = ()

    def since(self, moment: datetime) -> Series:
        """Give the part from a moment on."""
        return Series(tuple(it for it in self.points if it[0] >= moment))

    @property
    def total(self) -> int:
        """The sum of all values."""
        return round(sum(value for _, value in self.points))

    @property
    def most(self) -> float | None:
        """The highest value; none without any."""
        return max((value for _, value in self.points), default=None)

    @property
    def newest(self) -> float | None:
        """The value of the last measured minute; none without any."""
        return max(self.points)[1] if self.points else None


_EMPTY = Series()


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionMetrics:
    """One function's calls, and what became of its messages.

    `overflowed` counts those that went to the queue because they took too long. `diverted` (by an
    endpoint) and `held` (by the worker) were not tried, because a circuit was open.
    """

    calls: Series = _EMPTY
    errors: Series = _EMPTY
    throttles: Series = _EMPTY
    p99_ms: Series = _EMPTY
    overflowed: Series = _EMPTY
    diverted: Series = _EMPTY
    held: Series = _EMPTY


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentMetrics:
    """The last three hours until `now`, by the function's name.

    `queue_age` is the age of the oldest message in seconds, `api_p99_ms` the HTTP API's answer
    time as mParticle sees it; both are empty where the region has no such part.
    """

    now: datetime
    functions: Mapping[str, FunctionMetrics]
    queue_age: Series
    api_p99_ms: Series

    def last_call(self, name: str) -> str | None:
        """Tell when a function was last called (ISO); none within three hours."""
        called = [moment for moment, value in self.functions[name].calls.points if value]
        return as_iso(max(called)) if called else None

    def lately(self, series: Series) -> Series:
        """Give a metric's last five minutes."""
        return series.since(self.now - LATELY)

    def calls_per_second(self, name: str) -> float:
        """Give the rate of a function's calls over the last five minutes."""
        return self.lately(self.functions[name].calls).total / LATELY.total_seconds()

    @property
    def oldest_seconds(self) -> int | None:
        """How old the oldest message in the queue is; none as for an empty queue."""
        newest = self.queue_age.since(self.now - QUARTER).newest
        return None if newest is None else int(newest)

    @property
    def held_back(self) -> int:
        """How many messages no circuit let through in the last quarter of an hour."""
        since = self.now - QUARTER
        return sum(
            series.since(since).total
            for it in self.functions.values()
            for series in (it.diverted, it.held)
        )


@dataclass(frozen=True, slots=True)
class _Metric:
    """A metric of CloudWatch's, its statistic, and the dimension that says whose it is."""

    namespace: str
    name: str
    statistic: str
    dimension: str


_OF_FUNCTION: Mapping[str, _Metric] = {
    "calls": _Metric("AWS/Lambda", "Invocations", "Sum", "FunctionName"),
    "errors": _Metric("AWS/Lambda", "Errors", "Sum", "FunctionName"),
    "throttles": _Metric("AWS/Lambda", "Throttles", "Sum", "FunctionName"),
    "p99_ms": _Metric("AWS/Lambda", "Duration", "p99", "FunctionName"),
    "overflowed": _Metric(METRIC_NAMESPACE, "overflowed", "Sum", METRIC_DIMENSION),
    "diverted": _Metric(METRIC_NAMESPACE, "diverted", "Sum", METRIC_DIMENSION),
    "held": _Metric(METRIC_NAMESPACE, "held", "Sum", METRIC_DIMENSION),
}
"""By the field of `FunctionMetrics`."""
_ENDPOINT = ("calls", "errors", "throttles", "p99_ms", "overflowed", "diverted")
_WORKER = ("calls", "errors", "throttles", "held")
"""What is asked about each; CloudWatch bills every metric of every answer."""
_AGE = _Metric("AWS/SQS", "ApproximateAgeOfOldestMessage", "Maximum", "QueueName")
_API = _Metric("AWS/ApiGateway", "Latency", "p99", "ApiId")


def recent_metrics(
    session: Session, functions: Mapping[str, FunctionRole], *, queue: str | None, api: str | None
) -> RecentMetrics:
    """Ask for all of it at once: of functions, the queue and the HTTP API, by their names."""
    now = datetime.now(UTC)
    queries = list(_queries(functions, queue, api))
    results: dict[str, Series] = {}
    if queries:
        answer = session.client("cloudwatch").get_metric_data(
            MetricDataQueries=queries,
            StartTime=now - LOOKED_BACK,
            EndTime=now,
            ScanBy="TimestampDescending",
        )
        results = {it["Id"]: _series(it) for it in answer["MetricDataResults"] if "Id" in it}
    return RecentMetrics(
        now=now,
        functions={
            name: FunctionMetrics(
                **{key: results.get(f"{key}_{index}", _EMPTY) for key in _OF_FUNCTION}
            )
            for index, name in enumerate(functions)
        },
        queue_age=results.get("age", _EMPTY),
        api_p99_ms=results.get("api", _EMPTY),
    )


def _queries(
    functions: Mapping[str, FunctionRole], queue: str | None, api: str | None
) -> Iterator[MetricDataQueryTypeDef]:
    for index, (name, role) in enumerate(functions.items()):
        for key in _WORKER if role == "worker" else _ENDPOINT:
            yield _query(f"{key}_{index}", _OF_FUNCTION[key], of=name)
    if queue:
        yield _query("age", _AGE, of=queue)
    if api:
        yield _query("api", _API, of=api)


def _query(identifier: str, metric: _Metric, *, of: str) -> MetricDataQueryTypeDef:
    return {
        "Id": identifier,
        "MetricStat": {
            "Metric": {
                "Namespace": metric.namespace,
                "MetricName": metric.name,
                "Dimensions": [{"Name": metric.dimension, "Value": of}],
            },
            "Period": _PERIOD_SECONDS,
            "Stat": metric.statistic,
        },
    }


def _series(result: MetricDataResultTypeDef) -> Series:
    return Series(tuple(zip(result.get("Timestamps", ()), result.get("Values", ()), strict=True)))
