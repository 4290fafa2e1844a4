"""Which alarms of a region ring, for those who look."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

import boto3
from boto3.session import Session
from botocore.stub import Stubber

from cloud.stack import StackResource
from ops.live.alarms import ringing_alarms

SINCE = datetime(2026, 11, 2, 12, tzinfo=UTC)


class Watching:
    """A session whose CloudWatch answers with these alarms in state ALARM."""

    def __init__(self, **alarms: list[dict[str, Any]]) -> None:
        self._client = boto3.client(
            "cloudwatch",
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )
        stubber = Stubber(self._client)
        stubber.add_response("describe_alarms", alarms)
        stubber.activate()

    def client(self, service: str) -> Any:
        assert service == "cloudwatch"
        return self._client


def alarm(name: str, *actions: str) -> dict[str, Any]:
    return {"AlarmName": name, "StateUpdatedTimestamp": SINCE, "AlarmActions": list(actions)}


def test_part_of_another_alarm_does_not_ring_by_itself() -> None:
    topic = "arn:aws:sns:us-east-1:111122223333:alarms"
    session = Watching(
        MetricAlarms=[alarm("idle"), alarm("errors", topic)],
        CompositeAlarms=[alarm("silence", topic)],
    )
    resources = [
        StackResource(logical_id=name, physical_id=name, kind="AWS::CloudWatch::Alarm")
        for name in ("idle", "errors", "silence")
    ]

    found = ringing_alarms(cast("Session", session), resources)

    assert [it.name for it in found] == ["errors", "silence"]
