"""SQS's counts and CloudWatch's alarms and metrics, for commands that only look."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.aws.service import AwsError, Service, exception_class

RINGS_SINCE = datetime(2026, 11, 2, 12, tzinfo=UTC)


class FakeKeys(Service):
    """Keys whose end may be scheduled: `ending` has the days of those that were."""

    name = "kms"

    def __init__(self, *, checked: bool) -> None:
        super().__init__(checked=checked)
        self.ending: dict[str, int] = {}

    def schedule_key_deletion(self, *, KeyId: str, PendingWindowInDays: int) -> dict[str, Any]:
        if KeyId in self.ending:
            raise exception_class("KMSInvalidStateException")("KMSInvalidStateException")
        self.ending[KeyId] = PendingWindowInDays
        return {}


class FakeTrail(Service):
    """What CloudTrail recorded: the calls that a test notes."""

    name = "cloudtrail"

    def __init__(self, *, checked: bool) -> None:
        super().__init__(checked=checked)
        self.called: list[dict[str, Any]] = []
        self.is_closed = False

    def lookup_events(self, *, LookupAttributes: list[Any], StartTime: Any) -> dict[str, Any]:
        if self.is_closed:
            raise AwsError("AccessDeniedException")
        (wanted,) = LookupAttributes
        assert wanted["AttributeKey"] == "EventName"
        events = [it for it in self.called if it["EventName"] == wanted["AttributeValue"]]
        return {"Events": [it for it in events if it["EventTime"] >= StartTime]}

    def note(
        self, name: str, when: datetime, who: str, *, by: str | None = None, **parameters: str
    ) -> None:
        identity = {"type": "AssumedRole", **({"invokedBy": by} if by else {})}
        content = {"userIdentity": identity, "requestParameters": parameters}
        self.called.append(
            {
                "EventName": name,
                "EventTime": when,
                "Username": who,
                "CloudTrailEvent": json.dumps(content),
            }
        )


class FakeQueues(Service):
    """How much is in every queue: nothing, unless a test says so by the queue's URL."""

    name = "sqs"

    def __init__(self, *, checked: bool) -> None:
        super().__init__(checked=checked)
        self.waiting: dict[str, int] = {}
        self.in_flight: dict[str, int] = {}
        self.delayed: dict[str, int] = {}
        self.deleted: list[str] = []

    def delete_queue(self, *, QueueUrl: str) -> dict[str, Any]:
        if QueueUrl in self.deleted:
            raise exception_class("QueueDoesNotExist")("QueueDoesNotExist")
        self.deleted.append(QueueUrl)
        return {}

    def get_queue_attributes(self, *, QueueUrl: str, AttributeNames: list[str]) -> dict[str, Any]:
        assert AttributeNames == ["All"]
        counts = {
            "": self.waiting,
            "NotVisible": self.in_flight,
            "Delayed": self.delayed,
        }
        return {
            "Attributes": {
                f"ApproximateNumberOfMessages{which}": str(of.get(QueueUrl, 0))
                for which, of in counts.items()
            }
        }


class FakeWatch(Service):
    """No alarm rings and nothing was measured, unless a test says so.

    `measured` has a metric's values by its name and the name of what it is of, the newest first,
    a minute apart.
    """

    name = "cloudwatch"

    def __init__(self, *, checked: bool) -> None:
        super().__init__(checked=checked)
        self.ringing: dict[str, str] = {}
        self.measured: dict[tuple[str, str], list[float]] = {}

    def describe_alarms(
        self, *, AlarmNames: list[str], AlarmTypes: list[str], StateValue: str
    ) -> dict[str, Any]:
        assert StateValue == "ALARM"
        alarms = [
            {
                "AlarmName": name,
                "AlarmDescription": text,
                "AlarmActions": ["arn:aws:sns:eu-central-1:111122223333:alarms"],
                "StateUpdatedTimestamp": RINGS_SINCE,
            }
            for name, text in self.ringing.items()
            if name in AlarmNames
        ]
        return {"MetricAlarms": alarms, "CompositeAlarms": []}

    def get_metric_data(
        self, *, MetricDataQueries: list[Any], StartTime: Any, EndTime: Any, ScanBy: str
    ) -> dict[str, Any]:
        return {"MetricDataResults": [self._result(it, EndTime) for it in MetricDataQueries]}

    def _result(self, query: dict[str, Any], end: datetime) -> dict[str, Any]:
        metric = query["MetricStat"]["Metric"]
        (dimension,) = metric["Dimensions"]
        values = self.measured.get((metric["MetricName"], dimension["Value"]), [])
        minute = end.replace(second=0, microsecond=0)
        moments = [minute - timedelta(minutes=number) for number in range(1, len(values) + 1)]
        return {"Id": query["Id"], "Timestamps": moments, "Values": values}
