"""The alarms of a region that ring now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cloud.stack import StackResource
from plan.alarm_rule import Severity

if TYPE_CHECKING:
    from boto3.session import Session

ALARM_KINDS = frozenset({"AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"})
_AT_ONCE = 100
"""docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RingingAlarm:
    """An alarm in state ALARM: its name, since when (ISO), and what to do about it.

    `name` is that of its construct, such as `EndpointLatencySlowAnswers`; CloudWatch's own is three
    times as long.
    """

    name: str
    since: str
    text: str

    @property
    def is_page(self) -> bool:
        """Whether somebody has to look now."""
        return self.text.startswith(Severity.PAGE)


def ringing_alarms(
    session: Session, resources: Sequence[StackResource]
) -> tuple[RingingAlarm, ...]:
    """Ask CloudWatch which alarms of a stack are in state ALARM.

    An alarm without an action is only a part of another one.
    """
    shorter = {
        it.physical_id: it.construct.removeprefix("Alarms")
        for it in resources
        if it.kind in ALARM_KINDS
    }
    names = list(shorter)
    cloudwatch = session.client("cloudwatch")
    ringing: list[RingingAlarm] = []
    for start in range(0, len(names), _AT_ONCE):
        answer = cloudwatch.describe_alarms(
            AlarmNames=names[start : start + _AT_ONCE],
            AlarmTypes=["MetricAlarm", "CompositeAlarm"],
            StateValue="ALARM",
        )
        ringing += [
            RingingAlarm(
                name=shorter[alarm["AlarmName"]],
                since=as_iso(alarm["StateUpdatedTimestamp"]),
                text=alarm.get("AlarmDescription", ""),
            )
            for alarm in (*answer.get("MetricAlarms", ()), *answer.get("CompositeAlarms", ()))
            if alarm.get("AlarmActions")
        ]
    return tuple(ringing)


def as_iso(moment: datetime) -> str:
    """Write a moment in UTC, to the second."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
