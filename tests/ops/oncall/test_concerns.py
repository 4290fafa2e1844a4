"""What somebody has to do about a region now, and how urgent it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from console.marks import Mark
from ops.oncall.board import read_board
from ops.oncall.concerns import Concern, concerns_of, worst
from plan.region_plan import RegionPlan
from tests.aws.cloud import FakeCloud

REGION = "us-east-1"
BECAUSE = "because your API failed: the circuit is or was open"
DEAD = f"https://sqs.{REGION}.amazonaws.com/1/DeadLetterQueueUrl"


def concern(mark: Mark) -> Concern:
    return Concern(region=REGION, text="x", mark=mark, next_step="y")


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ([], Mark.GOOD),
        ([Mark.ATTENTION], Mark.ATTENTION),
        ([Mark.ATTENTION, Mark.BAD], Mark.BAD),
    ],
)
def test_region_is_as_bad_as_its_worst_concern(marks: list[Mark], expected: Mark) -> None:
    assert worst([concern(it) for it in marks]) is expected


def test_each_concern_has_its_next_step_the_worst_first(
    cloud: FakeCloud, plans: tuple[RegionPlan, ...]
) -> None:
    session = cloud.session(REGION)
    session.ring("AlarmsQueueAge0A1B2C3D", "TICKET. Slow.")
    session.ring("AlarmsEndpointErrors0A1B2C3D", "PAGE. Look.")
    session.watch.measured["diverted", "acme-firehose"] = [9]
    session.queues.waiting = {DEAD: 3}
    plan = replace(plans[0], function=replace(plans[0].function, memory_mb=512))

    different, *found = concerns_of(cloud.live(plan))

    assert str(different).startswith("✗ us-east-1: ")
    assert (different.mark, different.next_step != "") == (Mark.BAD, True)
    assert "\n".join(map(str, found)).splitlines() == [
        "✗ us-east-1: EndpointErrors rings since 2026-11-02T12:00:00Z: PAGE. Look.",
        "Next: firehose logs --region us-east-1",
        "! us-east-1: QueueAge rings since 2026-11-02T12:00:00Z: TICKET. Slow.",
        "Next: firehose logs --region us-east-1",
        f"! us-east-1: 9 messages were held back in a quarter of an hour, {BECAUSE}",
        "Next: mend the API; firehose logs --region us-east-1 says how it fails",
        "! us-east-1: 3 messages could not be delivered",
        "Next: firehose redrive --region us-east-1 --dry-run",
    ]
    assert [it.mark for it in found] == [Mark.BAD, *([Mark.ATTENTION] * 3)]


def test_board_has_failures_first_then_what_is_bad_anywhere_then_the_rest(
    cloud: FakeCloud, plans: tuple[RegionPlan, ...]
) -> None:
    cloud.session(REGION).queues.waiting = {DEAD: 3}
    cloud.session("eu-central-1").ring("AlarmsEndpointErrors0A1B2C3D", "PAGE. Look.")
    versions = cloud.session(REGION).functions.states["acme-firehose"].versions
    versions[1] = replace(versions[1], code="other")
    cloud.session("ap-southeast-2").stacks.states.clear()

    board = read_board(plans)

    assert [it.partition(":")[0] for it in board.concerns] == [
        "✗ ap-southeast-2",
        "✗ lambda",
        "✗ eu-central-1",
        "! us-east-1",
    ]
    assert board.name == "acme"
