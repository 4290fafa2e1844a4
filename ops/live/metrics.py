"""What CloudWatch measured of a region lately, asked for in one call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from endpoint.metrics import METRIC_DIMENSION, METRIC_NAMESPACE
from ops.live.alarms import as_iso

if TYPE_CHECKING:
    from boto3.session import Session
    from mypy_boto3_cloudwatch.type_defs import MetricDataQueryTypeDef, MetricDataResultTypeDef

_LOOKED_BACK = timedelta(hours=24)
_AGE_WINDOW = timedelta(minutes=15)
_PERIOD_SECONDS = 300
_CALLS = ("AWS/Lambda", "Invocations")
_AGE = ("AWS/SQS", "ApproximateAgeOfOldestMessage")
_HELD_BACK = ((METRIC_NAMESPACE, "diverted"), (METRIC_NAMESPACE, "held"))
"""Messages that were not tried, because the circuit of an endpoint or of the worker was open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentMetrics:
    """When each function was last called (ISO, none within a day), by its name.

    `oldest_seconds` is the age of the oldest message in the queue; none while CloudWatch has
    measured nothing for a quarter of an hour, as for an empty queue. `held_back` counts messages
    that were not tried in that time, because the partner's API was taken for down.
    """

    last_calls: dict[str, str | None]
    oldest_seconds: int | None
    held_back: int


def recent_metrics(
    session: Session, functions: Sequence[str], queue_name: str | None
) -> RecentMetrics:
    """Ask for all of it at once; answers are at most five minutes coarse."""
    now = datetime.now(UTC)
    queries = [
        _query(f"calls{index}", of=("FunctionName", name), metric=_CALLS, statistic="Sum")
        for index, name in enumerate(functions)
    ]
    queries += [
        _query(f"held{index}x{kind}", of=(METRIC_DIMENSION, name), metric=metric, statistic="Sum")
        for index, name in enumerate(functions)
        for kind, metric in enumerate(_HELD_BACK)
    ]
    if queue_name:
        queue = ("QueueName", queue_name)
        queries.append(_query("age", of=queue, metric=_AGE, statistic="Maximum"))
    results: dict[str, MetricDataResultTypeDef] = {}
    if queries:
        answer = session.client("cloudwatch").get_metric_data(
            MetricDataQueries=queries,
            StartTime=now - _LOOKED_BACK,
            EndTime=now,
            ScanBy="TimestampDescending",
        )
        results = {result["Id"]: result for result in answer["MetricDataResults"] if "Id" in result}
    return RecentMetrics(
        last_calls={
            name: _newest_call(results.get(f"calls{index}")) for index, name in enumerate(functions)
        },
        oldest_seconds=_newest_value(results.get("age"), since=now - _AGE_WINDOW),
        held_back=sum(
            _total(result, since=now - _AGE_WINDOW)
            for identifier, result in results.items()
            if identifier.startswith("held")
        ),
    )


def _query(
    identifier: str, *, of: tuple[str, str], metric: tuple[str, str], statistic: str
) -> MetricDataQueryTypeDef:
    (namespace, name), (dimension, value) = metric, of
    return {
        "Id": identifier,
        "MetricStat": {
            "Metric": {
                "Namespace": namespace,
                "MetricName": name,
                "Dimensions": [{"Name": dimension, "Value": value}],
            },
            "Period": _PERIOD_SECONDS,
            "Stat": statistic,
        },
    }


def _points(result: MetricDataResultTypeDef | None) -> list[tuple[datetime, float]]:
    if result is None:
        return []
    return list(zip(result.get("Timestamps", ()), result.get("Values", ()), strict=True))


def _newest_call(result: MetricDataResultTypeDef | None) -> str | None:
    called = [moment for moment, value in _points(result) if value]
    return as_iso(max(called)) if called else None


def _newest_value(result: MetricDataResultTypeDef | None, *, since: datetime) -> int | None:
    recent = [(moment, value) for moment, value in _points(result) if moment >= since]
    return int(max(recent)[1]) if recent else None


def _total(result: MetricDataResultTypeDef, *, since: datetime) -> int:
    return round(sum(value for moment, value in _points(result) if moment >= since))
