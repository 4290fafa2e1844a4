"""SQS's counts and CloudWatch's alarms and metrics, for commands that only look."""

from __future__ import annotations

from typing import Any

from tests.aws.service import Service


class FakeQueues(Service):
    """How much waits in every queue: nothing, unless a test says so by the queue's URL."""

    name = "sqs"

    def __init__(self, *, checked: bool) -> None:
        super().__init__(checked=checked)
        self._waiting: dict[str, int] = {}

    def get_queue_attributes(self, *, QueueUrl: str, AttributeNames: list[str]) -> dict[str, Any]:
        assert AttributeNames == ["All"]
        counts = dict.fromkeys(
            ("ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed"), "0"
        )
        waiting = str(self._waiting.get(QueueUrl, 0))
        return {"Attributes": {**counts, "ApproximateNumberOfMessages": waiting}}


class FakeWatch(Service):
    """No alarm rings and nothing was measured, unless a test says so."""

    name = "cloudwatch"

    def describe_alarms(
        self, *, AlarmNames: list[str], AlarmTypes: list[str], StateValue: str
    ) -> dict[str, Any]:
        assert StateValue == "ALARM"
        return {"MetricAlarms": [], "CompositeAlarms": []}

    def get_metric_data(
        self, *, MetricDataQueries: list[Any], StartTime: Any, EndTime: Any, ScanBy: str
    ) -> dict[str, Any]:
        return {"MetricDataResults": [{"Id": it["Id"]} for it in MetricDataQueries]}
