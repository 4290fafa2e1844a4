"""What events and calls make a deployment, who began it, and which moves of an alias are told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from ops.oncall.history import HistoryEntry, history_of, history_rows
from plan.region_plan import RegionPlan
from tests.aws.cloud import FakeCloud
from tests.aws.service import AwsError
from tests.aws.session import FakeSession

ENDPOINT, WORKER = "acme-firehose", "acme-firehose-worker"
ARN = "arn:aws:lambda:eu-central-1:111122223333:function:"
BEGAN = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)
STACK, VERSION = "AWS::CloudFormation::Stack", "AWS::Lambda::Version"


@pytest.fixture
def session(plan: RegionPlan) -> FakeSession:
    """Deploy a region of which nothing is recorded yet."""
    cloud = FakeCloud()
    cloud.deploy(plan)
    session = cloud.session(plan.region)
    session.stacks.record.events.clear()
    return session


def at(minutes: float) -> datetime:
    return BEGAN + timedelta(minutes=minutes)


def happened(session: FakeSession, *events: tuple[float, str, str, str]) -> None:
    """Record events of the stack, each with its minute, type, physical id and status."""
    name = "acme-firehose-eu-central-1"
    for minutes, kind, physical, status in events:
        session.stacks.record.events.append(
            {
                "StackId": f"id-of-{name}",
                "StackName": name,
                "EventId": str(len(session.stacks.record.events)),
                "ResourceType": kind,
                "PhysicalResourceId": physical or f"id-of-{name}",
                "ResourceStatus": status,
                "Timestamp": at(minutes),
            }
        )


def deployed(session: FakeSession, *, begin: float = 0, end: float = 5) -> None:
    happened(
        session,
        (begin, STACK, "", "UPDATE_IN_PROGRESS"),
        (begin + 1, VERSION, f"{ARN}{ENDPOINT}:7", "CREATE_COMPLETE"),
        (end, STACK, "", "UPDATE_COMPLETE"),
    )


def asked_for(session: FakeSession, minutes: float, who: str, **parameters: str) -> None:
    named = parameters or {"stackName": "acme-firehose-eu-central-1"}
    session.trail.note("ExecuteChangeSet", at(minutes), who, **named)


def moved(session: FakeSession, who: str = "carol", by: str | None = None, **of: str) -> None:
    parameters = {"functionName": ENDPOINT, "functionVersion": "3", **of}
    session.trail.note("UpdateAlias20150331", at(60), who, by=by, **parameters)


def test_deployment_is_told_when_it_ended_with_the_versions_that_it_made(
    session: FakeSession, plan: RegionPlan
) -> None:
    deployed(session)
    asked_for(session, -1, "alice")

    assert history_of(session.live(plan)) == [
        HistoryEntry(
            moment=at(5),
            region="eu-central-1",
            what="deployed",
            versions={ENDPOINT: 7},
            who="alice",
        )
    ]


@pytest.mark.parametrize(
    ("minutes", "who"),
    [(-2, "alice"), (-2.1, None), (0, "alice"), (5, "alice"), (5.1, None)],
)
def test_call_is_of_the_deployment_that_begins_within_two_minutes(
    session: FakeSession, plan: RegionPlan, minutes: float, who: str | None
) -> None:
    deployed(session)
    asked_for(session, minutes, "alice")

    assert [it.who for it in history_of(session.live(plan))] == [who]


def test_latest_call_that_names_the_stack_counts(session: FakeSession, plan: RegionPlan) -> None:
    deployed(session)
    asked_for(session, 1, "bob")
    asked_for(session, -1, "alice")
    asked_for(session, 2, "stranger", stackName="other-stack")
    asked_for(session, 2, "stranger", other="acme-firehose-eu-central-1")

    assert [it.who for it in history_of(session.live(plan))] == ["bob"]


def test_deployment_under_way_is_told_as_of_now(session: FakeSession, plan: RegionPlan) -> None:
    happened(session, (0, STACK, "", "UPDATE_IN_PROGRESS"))
    asked_for(session, 3, "alice")

    (found,) = history_of(session.live(plan))

    assert (found.what, found.who) == ("somebody deploys it", "alice")
    assert datetime.now(UTC) - found.moment < timedelta(minutes=1)


def test_deployment_lasts_until_its_stack_rests(session: FakeSession, plan: RegionPlan) -> None:
    happened(
        session,
        (0, STACK, "", "UPDATE_IN_PROGRESS"),
        (1, STACK, "", "UPDATE_ROLLBACK_IN_PROGRESS"),
        (2, STACK, "", "UPDATE_ROLLBACK_COMPLETE"),
        (9, STACK, "", "UPDATE_IN_PROGRESS"),
        (10, STACK, "", "UPDATE_COMPLETE"),
    )

    found = history_of(session.live(plan))

    assert [(it.moment, it.what) for it in found] == [
        (at(10), "deployed"),
        (at(2), "a deployment failed and was undone"),
    ]


def test_only_versions_that_were_made_are_told(session: FakeSession, plan: RegionPlan) -> None:
    happened(
        session,
        (-1, VERSION, f"{ARN}{WORKER}:1", "CREATE_COMPLETE"),  # of a deployment before the record
        (0, STACK, "", "CREATE_IN_PROGRESS"),
        (1, VERSION, f"{ARN}{ENDPOINT}:1", "CREATE_COMPLETE"),
        (1, VERSION, f"{ARN}{WORKER}:2", "UPDATE_COMPLETE"),
        (2, VERSION, f"{ARN}{ENDPOINT}:8", "CREATE_IN_PROGRESS"),
        (2, VERSION, "not-made-yet", "CREATE_COMPLETE"),
        (2, "AWS::Lambda::Alias", f"{ARN}{ENDPOINT}:9", "CREATE_COMPLETE"),
        (3, STACK, "nested", "CREATE_COMPLETE"),
        (4, STACK, "", "CREATE_COMPLETE"),
    )

    (found,) = history_of(session.live(plan))

    assert found.versions == {ENDPOINT: 1, WORKER: 2}
    assert found.moment == at(4)


def test_what_is_older_than_90_days_is_not_told(session: FakeSession, plan: RegionPlan) -> None:
    day = 24 * 60
    deployed(session, begin=-89.5 * day, end=-89 * day)
    asked_for(session, -89.5 * day, "alice")

    assert [it.who for it in history_of(session.live(plan))] == []

    deployed(session, begin=-88.9 * day, end=-88.8 * day)
    asked_for(session, -88.9 * day, "bob")

    assert [it.who for it in history_of(session.live(plan))] == ["bob"]


@pytest.mark.parametrize("name", [ENDPOINT, f"{ARN}{ENDPOINT}"])
def test_alias_that_somebody_moved_is_told(
    session: FakeSession, plan: RegionPlan, name: str
) -> None:
    moved(session, functionName=name)

    assert history_of(session.live(plan)) == [
        HistoryEntry(
            moment=at(60),
            region="eu-central-1",
            what="alias moved",
            versions={ENDPOINT: 3},
            who="carol",
        )
    ]


@pytest.mark.parametrize(
    "of",
    [{"functionVersion": "$LATEST"}, {"functionName": "other"}, {"by": "cloudformation"}],
    ids=str,
)
def test_other_moves_of_aliases_are_not(
    session: FakeSession, plan: RegionPlan, of: dict[str, Any]
) -> None:
    moved(session, **of)

    assert history_of(session.live(plan)) == []


def test_call_that_cloudtrail_tells_little_of_stops_nothing(
    session: FakeSession, plan: RegionPlan
) -> None:
    deployed(session)
    for name in ("ExecuteChangeSet", "UpdateAlias20150331"):
        session.trail.called.append({"EventName": name, "EventTime": at(1)})
        session.trail.called.append(
            {
                "EventName": name,
                "EventTime": at(1),
                "CloudTrailEvent": '{"requestParameters": null}',
            }
        )

    assert [(it.what, it.who) for it in history_of(session.live(plan))] == [("deployed", None)]


def test_newest_twenty_are_told(session: FakeSession, plan: RegionPlan) -> None:
    for number in range(25):
        deployed(session, begin=10 * number, end=10 * number + 5)
    moved(session)

    found = history_of(session.live(plan))

    assert [it.moment for it in found] == [*(at(10 * it + 5) for it in range(24, 5, -1)), at(60)]
    assert found[-1].what == "alias moved"


def test_no_more_is_read_than_twenty_deployments_take(
    session: FakeSession, plan: RegionPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(30):
        deployed(session, begin=10 * number, end=10 * number + 5)
    events, read = session.stacks.record.newest_first(), []

    def paginate(**_: object) -> Iterator[dict[str, Any]]:
        for page in range(30):
            read.append(page)
            yield {"StackEvents": events[3 * page : 3 * page + 3]}

    monkeypatch.setattr(
        session.stacks, "get_paginator", lambda _: SimpleNamespace(paginate=paginate)
    )

    assert len(history_of(session.live(plan))) == 20
    assert len(read) == 21


@pytest.mark.parametrize("code", ["AccessDenied", "AccessDeniedException"])
def test_nobody_is_named_where_cloudtrail_may_not_be_asked(
    session: FakeSession, plan: RegionPlan, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    deployed(session)
    monkeypatch.setattr(session.trail, "lookup_events", _refused(code))

    assert [it.who for it in history_of(session.live(plan))] == [None]


def test_any_other_refusal_of_cloudtrail_is_told(
    session: FakeSession, plan: RegionPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session.trail, "lookup_events", _refused("ThrottlingException"))

    with pytest.raises(ClientError, match="ThrottlingException"):
        history_of(session.live(plan))


def _refused(code: str) -> Any:
    def refuse(**_: object) -> None:
        raise AwsError(code)

    return refuse


def test_row_names_what_its_versions_are_of_in_the_order_of_a_call(
    session: FakeSession, plan: RegionPlan
) -> None:
    happened(
        session,
        (0, STACK, "", "UPDATE_IN_PROGRESS"),
        (1, VERSION, f"{ARN}gone:4", "CREATE_COMPLETE"),
        (1, VERSION, f"{ARN}{WORKER}:2", "CREATE_COMPLETE"),
        (1, VERSION, f"{ARN}{ENDPOINT}:1", "CREATE_COMPLETE"),
        (5, STACK, "", "UPDATE_COMPLETE"),
    )

    assert history_rows(session.live(plan)) == [
        {
            "time": at(5).isoformat().replace("+00:00", "Z"),
            "region": "eu-central-1",
            "what": "deployed",
            "versions": ["lambda 1", "worker 2", "gone 4"],
            "who": None,
        }
    ]
