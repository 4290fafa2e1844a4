"""A load from inside a region: how it is shared, and that stopping it leaves nothing."""

from __future__ import annotations

import io
import json
import math
from dataclasses import asdict
from threading import Event

import pytest

from console.progress import Steps
from ops.proof import from_region
from ops.proof.from_region import CALLS_A_SECOND, environments_of, measure_from_region
from ops.proof.probe_function import LONGEST_SECONDS
from plan.region_plan import RegionPlan
from probe.load_schedule import LoadSchedule, steady
from probe.timed_calls import TimedCall
from tests.aws.cloud import FakeCloud
from tests.workbench.contract import pretender


@pytest.mark.parametrize(
    ("schedule", "environments"),
    [
        (steady(0.5, 10), 1),
        (steady(100, 10), 1),
        (steady(101, 10), 2),
        (LoadSchedule(first_rate=100, last_rate=2_000, seconds=60), 20),
    ],
)
def test_each_environment_of_the_probe_makes_at_most_a_hundred_calls_a_second(
    schedule: LoadSchedule, environments: int
) -> None:
    assert environments_of(schedule) == environments


def test_answer_of_each_environment_has_room_in_what_lambda_answers() -> None:
    """docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: 6 MB, synchronous."""
    longest = steady(CALLS_A_SECOND, LONGEST_SECONDS)
    share = math.ceil(longest.calls / environments_of(longest))
    call = TimedCall(
        due_seconds=839.999,
        milliseconds=60_000.123,
        late_ms=60_000.123,
        outcome="throttled",
        cold=False,
    )

    assert share * len(f"{json.dumps(asdict(call))}, ") < 6_000_000


def test_load_that_is_stopped_gives_nothing_and_leaves_nothing(
    plan: RegionPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    aws, stop = FakeCloud(), Event()
    aws.deploy(plan)
    session = aws.session(plan.region)
    session.functions.answer = pretender.right

    def interrupted(*_: object, **__: object) -> list[TimedCall]:
        assert session.functions.created, "the probe is there while it measures"
        stop.set()
        return []

    monkeypatch.setattr(from_region, "_HEAD_START_SECONDS", 0.0)
    monkeypatch.setattr("probe.in_region.run_load", interrupted)
    monkeypatch.setattr("boto3.client", lambda *_, **__: session.functions)

    measured = measure_from_region(
        session.live(plan),
        entered={},
        schedule=steady(10, 1),
        stop=stop,
        progress=Steps("calls", None, io.StringIO()),
    )

    assert measured == []
    assert not session.functions.created
    assert not session.iam.roles
