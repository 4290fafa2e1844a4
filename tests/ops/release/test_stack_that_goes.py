"""Deleting one region's stack: what is counted before, how long it is waited for, what stops it."""

from __future__ import annotations

from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest

from console.exit_codes import CommandError
from ops.release import removal
from ops.release.removal import delete, examine
from plan.region_plan import RegionPlan
from tests.aws.cloud import FakeCloud

REGION = "eu-central-1"
QUEUES = [("DeliveryQueue1", "AWS::SQS::Queue", "url-1"), ("Other1", "AWS::SQS::Queue", "url-2")]


class Clock(Event):
    """An event that nobody waits for in earnest: the time that it was asked to wait is over."""

    def __init__(self, plan: RegionPlan, cloud: FakeCloud, ends_as: str, after: float) -> None:
        super().__init__()
        self.now = 0.0
        self._stack = cloud.session(plan.region).stacks.states[plan.stack_name]
        self._ends_as, self._after = ends_as, after

    def monotonic(self) -> float:
        return self.now

    def wait(self, timeout: float | None = None) -> bool:
        self.now += timeout or 0.0
        if self.now >= self._after:
            self._stack.status = self._ends_as
        return self.is_set()


@pytest.fixture
def cloud(plan: RegionPlan, monkeypatch: pytest.MonkeyPatch) -> FakeCloud:
    """Deploy a region whose stack begins to go when it is deleted, and no more."""
    cloud = FakeCloud()
    cloud.deploy(plan)
    stacks = cloud.session(plan.region).stacks

    def delete_stack(*, StackName: str) -> dict[str, Any]:  # noqa: N803 - as AWS names it
        state = stacks.states[StackName.removeprefix("id-of-")]
        assert not state.is_protected
        state.status = "DELETE_IN_PROGRESS"
        return {}

    monkeypatch.setattr(stacks, "delete_stack", delete_stack)
    return cloud


def clock(
    cloud: FakeCloud,
    plan: RegionPlan,
    monkeypatch: pytest.MonkeyPatch,
    ends_as: str = "DELETE_COMPLETE",
    after: float = 60,
) -> Clock:
    clock = Clock(plan, cloud, ends_as, after)
    monkeypatch.setattr(removal, "time", SimpleNamespace(monotonic=clock.monotonic))
    return clock


def test_stack_is_waited_for_until_it_is_gone(
    cloud: FakeCloud, plan: RegionPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = clock(cloud, plan, monkeypatch)

    assert delete(cloud.live(plan), stop) is True
    assert stop.now == 60
    assert cloud.session(REGION).stacks.calls.count("describe_stacks") == 32, "every two seconds"


def test_who_stops_is_told_that_the_stack_is_still_there(
    cloud: FakeCloud, plan: RegionPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = clock(cloud, plan, monkeypatch)
    stop.set()

    assert delete(cloud.live(plan), stop) is False


def test_stack_that_stops_half_way_is_told_with_its_status(
    cloud: FakeCloud, plan: RegionPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = clock(cloud, plan, monkeypatch, "DELETE_FAILED")

    with pytest.raises(CommandError, match="acme-firehose-eu-central-1 is DELETE_FAILED"):
        delete(cloud.live(plan), stop)


def test_stack_that_takes_more_than_half_an_hour_is_given_up(
    cloud: FakeCloud, plan: RegionPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = clock(cloud, plan, monkeypatch, after=4_000)

    with pytest.raises(CommandError, match="is DELETE_IN_PROGRESS"):
        delete(cloud.live(plan), stop)

    assert stop.now == 1_802


def test_unprotected_stack_has_no_protection_taken_away(
    cloud: FakeCloud, plan: RegionPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    stacks = cloud.session(REGION).stacks
    stacks.states[plan.stack_name].is_protected = False

    delete(cloud.live(plan), clock(cloud, plan, monkeypatch))

    assert "update_termination_protection" not in stacks.calls


def test_refusal_of_aws_is_no_end_of_a_stack(
    cloud: FakeCloud, plan: RegionPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    live, stop = cloud.live(plan), clock(cloud, plan, monkeypatch)
    assert live.stack.is_protected
    cloud.session(REGION).stacks.is_refused = True

    with pytest.raises(cloud.session(REGION).stacks.exceptions.ClientError, match="AccessDenied"):
        delete(live, stop)


def test_messages_of_every_kind_wait_in_the_queue(cloud: FakeCloud, plan: RegionPlan) -> None:
    session = cloud.session(REGION)
    queue, dead = (
        f"https://sqs.{REGION}.amazonaws.com/1/{it}QueueUrl" for it in ("", "DeadLetter")
    )
    session.queues.waiting = {queue: 1, dead: 5}
    session.queues.in_flight, session.queues.delayed = {queue: 10}, {queue: 100}

    found = examine(cloud.live(plan))

    assert (found.waiting, found.dead, found.status) == (111, 5, "CREATE_COMPLETE")


def test_every_message_waits_where_the_stack_is_too_broken_to_tell_its_queues_apart(
    cloud: FakeCloud, plan: RegionPlan
) -> None:
    session = cloud.session(REGION)
    session.stacks.has_queues, session.stacks.others = False, QUEUES
    session.queues.waiting = {"url-1": 1, "url-2": 2}
    session.queues.in_flight, session.queues.delayed = {"url-1": 10}, {"url-2": 100}

    found = examine(cloud.live(plan))

    assert (found.waiting, found.dead) == (113, 0)
    assert found.retained.queues == ["url-1", "url-2"]
