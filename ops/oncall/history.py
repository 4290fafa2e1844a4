"""Who changed a region, what and when: CloudFormation's record of the stack, CloudTrail's of calls.

CloudFormation knows what became of each deployment and not who asked for it; Lambda keeps no record
of where an alias pointed. CloudTrail has both for 90 days, in every account, without being set up:
docs.aws.amazon.com/awscloudtrail/latest/userguide/view-cloudtrail-events.html.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from cloud.stack_status import rule_of
from console.output import Record
from ops.live.alarms import as_iso
from ops.live.functions import LAMBDA_VERSION
from ops.live.region import LiveRegion

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.type_defs import StackEventTypeDef

LOOKED_BACK = timedelta(days=90)
MOST_ENTRIES = 20
"""Of a region."""
_STACK = "AWS::CloudFormation::Stack"
_ASKED_FOR = "ExecuteChangeSet"
"""What the CDK CLI calls for every deployment."""
_MADE = {"CREATE_COMPLETE", "UPDATE_COMPLETE"}  # the latter is the embedded AWS's
_MOVED = "UpdateAlias20150331"
_BEFORE = timedelta(minutes=2)
"""How long after a call its deployment begins at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """One change of a region; `who` is none where CloudTrail does not tell.

    `versions` has the numbers that it made or moved to, by function.
    """

    moment: datetime
    region: str
    what: str
    versions: Mapping[str, int]
    who: str | None

    def record(self, roles: Mapping[str, str]) -> Record:
        """Give the row; `roles` says what the functions are for, in their order."""
        known = [*roles, *(name for name in self.versions if name not in roles)]
        return {
            "time": as_iso(self.moment),
            "region": self.region,
            "what": self.what,
            "versions": [
                f"{roles.get(name, name)} {self.versions[name]}"
                for name in known
                if name in self.versions
            ],
            "who": self.who,
        }


@dataclass(slots=True, kw_only=True)
class _Deployment:
    """What CloudFormation did to a stack between two states of rest."""

    began: datetime
    status: str
    ended: datetime | None = None
    versions: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    """A call that CloudTrail recorded."""

    moment: datetime
    who: str | None
    parameters: Mapping[str, Any]
    by_a_service: bool


def history_rows(live: LiveRegion) -> list[Record]:
    """Give the changes of one region as rows, the newest first."""
    roles = {it.name: it.role for it in live.functions}
    return [it.record(roles) for it in history_of(live)]


def history_of(live: LiveRegion) -> list[HistoryEntry]:
    """Read the changes of one region, the newest first."""
    asked = _calls(live, _ASKED_FOR)
    entries = [_deployed(live, it, asked) for it in _deployments(live)]
    entries += [
        HistoryEntry(
            moment=call.moment,
            region=live.plan.region,
            what="alias moved",
            versions={_name(call): int(call.parameters["functionVersion"])},
            who=call.who,
        )
        for call in _calls(live, _MOVED)
        if _is_by_hand(live, call)
    ]
    return sorted(entries, key=lambda it: it.moment, reverse=True)[:MOST_ENTRIES]


def _deployed(live: LiveRegion, deployment: _Deployment, asked: Sequence[_Call]) -> HistoryEntry:
    plan = live.plan
    rule = rule_of(deployment.status, stack=plan.stack_name, region=plan.region)
    ended = deployment.ended or datetime.now(UTC)
    calls = [
        call
        for call in asked
        if plan.stack_name in str(call.parameters.get("stackName"))
        and deployment.began - _BEFORE <= call.moment <= ended
    ]
    latest = max(calls, key=lambda it: it.moment, default=None)
    return HistoryEntry(
        moment=ended,
        region=plan.region,
        what=rule.meaning,
        versions=deployment.versions,
        who=latest.who if latest else None,
    )


def _deployments(live: LiveRegion) -> list[_Deployment]:
    found: list[_Deployment] = []
    for event in reversed(list(_events(live))):
        status = event.get("ResourceStatus", "")
        is_of_stack = event.get("ResourceType") == _STACK and event.get(
            "PhysicalResourceId"
        ) == event.get("StackId")
        if is_of_stack and (not found or found[-1].ended):
            found.append(_Deployment(began=event["Timestamp"], status=status))
        if not found:
            continue  # the oldest page begins in the middle of a deployment
        if is_of_stack:
            found[-1].status = status
            if not status.endswith("_IN_PROGRESS"):
                found[-1].ended = event["Timestamp"]
        elif event.get("ResourceType") == LAMBDA_VERSION and status in _MADE:
            name, _, number = event.get("PhysicalResourceId", "").rpartition(":")
            if number.isdigit():
                found[-1].versions[name.rpartition(":")[2]] = int(number)
    return found


def _events(live: LiveRegion) -> Iterator[StackEventTypeDef]:
    """Give the stack's events, the newest first, until there are enough deployments."""
    since = datetime.now(UTC) - LOOKED_BACK
    pages = live.session.client("cloudformation").get_paginator("describe_stack_events")
    ended = 0
    for page in pages.paginate(StackName=live.stack.identifier):
        for event in page["StackEvents"]:
            if event["Timestamp"] < since or ended > MOST_ENTRIES:
                return
            is_end = not event.get("ResourceStatus", "").endswith("_IN_PROGRESS")
            ended += event.get("ResourceType") == _STACK and is_end
            yield event


def _calls(live: LiveRegion, name: str) -> list[_Call]:
    """Read CloudTrail's record of one operation; none where the credentials may not."""
    cloudtrail = live.session.client("cloudtrail")
    pages = cloudtrail.get_paginator("lookup_events")
    try:
        return [
            _call(event)
            for page in pages.paginate(
                LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": name}],
                StartTime=datetime.now(UTC) - LOOKED_BACK,
            )
            for event in page["Events"]
        ]
    except cloudtrail.exceptions.ClientError as error:
        if not error.response["Error"]["Code"].startswith("AccessDenied"):
            raise
        return []


def _call(event: Mapping[str, Any]) -> _Call:
    content = json.loads(event.get("CloudTrailEvent", "{}"))
    return _Call(
        moment=event["EventTime"],
        who=event.get("Username"),
        parameters=content.get("requestParameters") or {},
        by_a_service="invokedBy" in content.get("userIdentity", {}),
    )


def _is_by_hand(live: LiveRegion, call: _Call) -> bool:
    """Whether a person moved an alias of this stack; CloudFormation's moves are deployments."""
    names = {it.name for it in live.functions}
    has_version = str(call.parameters.get("functionVersion")).isdigit()
    return has_version and not call.by_a_service and _name(call) in names


def _name(call: _Call) -> str:
    """Give the function's name, which a caller may also give as an ARN."""
    return str(call.parameters.get("functionName")).rpartition(":")[2]
