"""The rows of a status, value by value."""

from __future__ import annotations

import pytest

from console.marks import Mark
from console.output import Format
from ops.oncall.concerns import concerns_of
from ops.oncall.status_rows import function_rows, rate, region_row, versions
from plan.names import ALIAS
from plan.region_plan import RegionPlan
from tests.aws.cloud import FakeCloud
from tests.aws.function_state import MADE

ENDPOINT, HTTPS, WORKER = "acme-firehose", "acme-Https-1", "acme-firehose-worker"
REGION = "us-east-1"
QUEUE, DEAD = (f"https://sqs.{REGION}.amazonaws.com/1/{it}QueueUrl" for it in ("", "DeadLetter"))


@pytest.fixture
def cloud(cloud: FakeCloud) -> FakeCloud:
    """Let one region be called, and hold messages of every kind."""
    session = cloud.session(REGION)
    queues, measured = session.queues, session.watch.measured
    queues.waiting, queues.in_flight, queues.delayed = (
        {QUEUE: 1, DEAD: 5},
        {QUEUE: 10},
        {QUEUE: 100},
    )
    measured["ApproximateAgeOfOldestMessage", "QueueUrl"] = [7]
    measured["Invocations", ENDPOINT] = [300, 340]
    measured["Invocations", HTTPS] = [300]
    measured["Errors", ENDPOINT], measured["Throttles", ENDPOINT] = [2, 3], [4]
    measured["Duration", ENDPOINT] = [10.06, 9]
    session.ring("AlarmsQueueAge0A1B2C3D", "TICKET. Slow.")
    return cloud


@pytest.mark.parametrize(
    ("form", "state", "alarms"),
    [(Format.JSON, "attention", ["QueueAge"]), (Format.TABLE, Mark.ATTENTION, 1)],
)
def test_region_is_summed_up(
    cloud: FakeCloud, plans: tuple[RegionPlan, ...], form: Format, state: object, alarms: object
) -> None:
    live = cloud.live(plans[0])

    assert region_row(live, [*concerns_of(live)], form) == {
        "state": state,
        "region": REGION,
        "version": "1",
        "rps": 3.1,
        "alarms": alarms,
        "queue": 101,
        "in_flight": 10,
        "age_s": 7,
        "dead": 5,
    }


def test_function_has_every_fact(cloud: FakeCloud, plans: tuple[RegionPlan, ...]) -> None:
    cloud.session(REGION).functions.states[ENDPOINT].aliases[ALIAS].move("1")

    called, https, worker = (dict(it) for it in function_rows(cloud.live(plans[0])))

    last_call = str(called.pop("last_call"))
    assert last_call.endswith("Z")
    assert called == {
        "region": REGION,
        "transport": "lambda",
        "function": ENDPOINT,
        "version": 1,
        "newest": 1,
        "code": "one",
        "made": MADE,
        "memory_mb": 1024,
        "reserved": 1000,
        "rps": 2.1,
        "p99_ms": 10.1,
        "errors": 5,
        "throttles": 4,
    }
    assert (https["p99_ms"], https["rps"]) == (None, 1.0)
    assert (worker["transport"], worker["last_call"]) == ("worker", None)


def test_version_behind_the_stacks_is_shown_beside_the_newest(
    cloud: FakeCloud, plans: tuple[RegionPlan, ...]
) -> None:
    cloud.deploy(plans[0], "two")
    cloud.session(REGION).functions.states[ENDPOINT].aliases[ALIAS].move("1")
    live = cloud.live(plans[0])

    first = next(iter(function_rows(live)))

    assert (first["version"], first["newest"], first["code"]) == (1, 2, "one")
    assert versions(live) == "1/2/2"
    assert rate(live, live.endpoints) == 3.1
