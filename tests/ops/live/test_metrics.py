"""What CloudWatch is asked about a region, and what its answer means."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from boto3.session import Session
from botocore.stub import ANY, Stubber

from ops.live.functions import FunctionRole
from ops.live.metrics import RecentMetrics, recent_metrics


class StubbedSession:
    """A session whose CloudWatch answers once."""

    def __init__(self, results: dict[str, list[tuple[timedelta, float]]]) -> None:
        session = Session(
            aws_access_key_id="test", aws_secret_access_key="test", region_name="us-east-1"
        )
        self._client = session.client("cloudwatch")
        now = datetime.now(UTC)
        answer = {
            "MetricDataResults": [
                {
                    "Id": identifier,
                    "Timestamps": [now - ago for ago, _ in points],
                    "Values": [value for _, value in points],
                }
                for identifier, points in results.items()
            ]
        }
        asked = {"MetricDataQueries": ANY, "StartTime": ANY, "EndTime": ANY, "ScanBy": ANY}
        stubber = Stubber(self._client)
        stubber.add_response("get_metric_data", cast("Any", answer), asked)
        stubber.activate()

    def client(self, _service: str) -> Any:
        return self._client


def read(results: dict[str, list[tuple[timedelta, float]]]) -> RecentMetrics:
    session = cast("Session", StubbedSession(results))
    functions: dict[str, FunctionRole] = {
        "acme-firehose": "lambda",
        "acme-firehose-worker": "worker",
    }
    return recent_metrics(session, functions, queue="queue", api=None)


def test_messages_that_endpoint_and_worker_held_back_lately_are_counted_together() -> None:
    lately, before = timedelta(minutes=5), timedelta(hours=2)

    found = read(
        {"diverted_0": [(lately, 40.0), (before, 7.0)], "held_1": [(lately, 2.0)], "calls_0": []}
    )

    assert found.held_back == 42
    assert found.last_call("acme-firehose") is None


def test_rate_is_that_of_the_last_five_minutes() -> None:
    found = read({"calls_0": [(timedelta(minutes=n), 60.0) for n in range(1, 9)]})

    assert found.calls_per_second("acme-firehose") == pytest.approx(4 * 60 / 300, abs=0.21)
    assert found.calls_per_second("acme-firehose-worker") == 0


def test_nothing_measured_is_nothing_held_back_and_no_age() -> None:
    assert (read({}).held_back, read({}).oldest_seconds) == (0, None)
