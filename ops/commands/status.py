"""`firehose status`: what runs in every region now, and what there needs somebody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cloud.queues import QueueDepths, queue_urls, read_depths
from cloud.regions import in_every_region
from console.options import (
    DEFAULT_DEPLOYMENT,
    DeploymentOption,
    FormatOption,
    RegionOption,
    planned,
)
from console.outcomes import finish, sorted_out
from console.output import Format, Record, say, write
from ops.live.aliases import LiveAlias, read_aliases
from ops.live.stack import ALARM, COMPOSITE_ALARM, Resources, resources_of
from plan.region_plan import RegionPlan

if TYPE_CHECKING:
    from boto3.session import Session

_LOOKED_BACK = timedelta(hours=24)
_PERIOD_SECONDS = 300
_ALARMS_AT_ONCE = 100
"""docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RingingAlarm:
    """An alarm in state ALARM: its name, since when (ISO), and what to do about it."""

    name: str
    since: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionStatus:
    """One region now; `last_invocations` holds, by function, when it was last called (ISO)."""

    aliases: Sequence[LiveAlias]
    alarms: Sequence[RingingAlarm]
    depths: QueueDepths | None
    last_invocations: dict[str, str | None]


def status(
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    region: RegionOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show versions, alarms, queues and the last call of every region. Changes nothing.

    Ends with code 1 when regions run different code, an alarm rings or messages were given up.

    Example: firehose status --format json
    """
    found, failures = sorted_out(in_every_region(planned(deployment, region), read_status))
    write([_record(plan, now, alias) for plan, now in found for alias in now.aliases], form=form)
    finish(failures, [*skew(found), *(text for plan, now in found for text in _needs(plan, now))])
    say("Nothing needs you.")


def read_status(session: Session, plan: RegionPlan) -> RegionStatus:
    """Read everything about one region. Raises as `ops.live.stack.resources_of` does."""
    resources = resources_of(session, plan)
    aliases = read_aliases(session, plan, resources)
    return RegionStatus(
        aliases=aliases,
        alarms=_ringing(session, resources),
        depths=read_depths(session, queue_urls(session, plan)) if plan.delivery else None,
        last_invocations={
            alias.function: _last_invocation(session, alias.function) for alias in aliases
        },
    )


def skew(found: Sequence[tuple[RegionPlan, RegionStatus]]) -> list[str]:
    """Say, for each transport, which regions run different code."""
    texts = []
    for transport in ("lambda", "https"):
        regions: dict[str, list[str]] = {}
        for plan, now in found:
            for alias in now.aliases:
                if alias.transport == transport:
                    regions.setdefault(alias.current.code, []).append(plan.region)
        if len(regions) > 1:
            who = "; ".join(f"{code} in {', '.join(where)}" for code, where in regions.items())
            texts.append(
                f"{transport}: regions run different code: {who}"
                "\nNext: cdk deploy --all, or firehose rollback --region the newer ones"
            )
    return texts


def _needs(plan: RegionPlan, now: RegionStatus) -> list[str]:
    texts = [
        f"{plan.region}: {alarm.name} is in ALARM since {alarm.since}: {alarm.text}"
        f"\nNext: firehose logs --region {plan.region}"
        for alarm in now.alarms
    ]
    if now.depths and now.depths.dead:
        texts.append(
            f"{plan.region}: {now.depths.dead} messages could not be delivered"
            f"\nNext: firehose redrive --region {plan.region} --dry-run"
        )
    return texts


def _ringing(session: Session, resources: Resources) -> list[RingingAlarm]:
    names = [*resources.get(ALARM, ()), *resources.get(COMPOSITE_ALARM, ())]
    cloudwatch = session.client("cloudwatch")
    ringing: list[RingingAlarm] = []
    for start in range(0, len(names), _ALARMS_AT_ONCE):
        answer = cloudwatch.describe_alarms(
            AlarmNames=names[start : start + _ALARMS_AT_ONCE],
            AlarmTypes=["MetricAlarm", "CompositeAlarm"],
            StateValue="ALARM",
        )
        ringing += [
            RingingAlarm(
                name=alarm["AlarmName"],
                since=_iso(alarm["StateUpdatedTimestamp"]),
                text=alarm.get("AlarmDescription", ""),
            )
            for alarm in (*answer.get("MetricAlarms", ()), *answer.get("CompositeAlarms", ()))
        ]
    return ringing


def _last_invocation(session: Session, function: str) -> str | None:
    now = datetime.now(UTC)
    answer = session.client("cloudwatch").get_metric_statistics(
        Namespace="AWS/Lambda",
        MetricName="Invocations",
        Dimensions=[{"Name": "FunctionName", "Value": function}],
        StartTime=now - _LOOKED_BACK,
        EndTime=now,
        Period=_PERIOD_SECONDS,
        Statistics=["Sum"],
    )
    called = [point["Timestamp"] for point in answer["Datapoints"] if point["Sum"]]
    return _iso(max(called)) if called else None


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _record(plan: RegionPlan, now: RegionStatus, alias: LiveAlias) -> Record:
    depths = now.depths
    return {
        "region": plan.region,
        "transport": alias.transport,
        "function": alias.function,
        "version": alias.current.number,
        "newest": alias.versions[-1].number,
        "code": alias.current.code,
        "made": alias.current.made,
        "last_invocation": now.last_invocations[alias.function],
        "alarms": [alarm.name for alarm in now.alarms],
        "waiting": depths.waiting + depths.delayed if depths else None,
        "in_flight": depths.in_flight if depths else None,
        "oldest_seconds": depths.oldest_seconds if depths else None,
        "dead": depths.dead if depths else None,
    }
