"""What `firehose status` reads of a region, and what it makes of it."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from console.output import Format, write
from ops.live.region import LiveRegion
from ops.oncall.concerns import concerns_of, read_now
from ops.oncall.skew import skew
from ops.oncall.status_rows import FUNCTION_FACTS, REGION_FACTS, function_rows, region_row
from plan.names import QUEUE_URL_OUTPUT
from plan.region_plan import RegionPlan
from tests.aws.cloud import FakeCloud, plans_of
from tests.running import Run

MOST_CALLS = 12
ENDPOINT, WORKER = "acme-firehose", "acme-firehose-worker"


def everywhere(cloud: FakeCloud, plans: tuple[RegionPlan, ...]) -> list[LiveRegion]:
    return [cloud.live(plan) for plan in plans]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_status_of_a_region_with_every_part_takes_at_most_twelve_calls(
    cloud: FakeCloud, plans: tuple[RegionPlan, ...]
) -> None:
    session = cloud.session(plans[0].region)
    session.forget_calls()

    found = read_now(cloud.live(plans[0]))

    assert found.function_differences == ()
    assert [it.role for it in found.functions] == ["lambda", "https", "worker"]
    assert found.depths
    assert len(session.calls) <= MOST_CALLS, session.calls
    assert session.calls.count("get_metric_data") == 1


def test_status_is_one_row_a_region_and_json_has_the_state_in_a_word(
    run: Run, cloud: FakeCloud, file: Path
) -> None:
    cloud.session("eu-central-1").ring("AlarmsEndpointLatencySlowAnswers0A1B2C3D", "PAGE.")

    result = run("status", "--format", "json", environment={"FIREHOSE_DEPLOYMENT": str(file)})

    rows = json.loads(result.stdout)
    assert [(row["region"], row["state"], row["version"]) for row in rows] == [
        ("us-east-1", "ok", "1"),
        ("eu-central-1", "failed", "1"),
        ("ap-southeast-2", "ok", "1"),
    ]
    assert rows[1]["alarms"] == ["EndpointLatencySlowAnswers"]
    assert "✗ eu-central-1: EndpointLatencySlowAnswers rings since" in result.stderr
    assert result.returncode == 1


def test_wide_and_history_together_are_wrong_usage(run: Run) -> None:
    result = run("status", "--wide", "--history", environment={})

    assert (result.returncode, result.stdout) == (2, "")
    assert "--wide and --history: found together" in result.stderr


@pytest.mark.usefixtures("cloud")
def test_healthy_regions_need_nobody(run: Run, file: Path) -> None:
    result = run("status", environment={"FIREHOSE_DEPLOYMENT": str(file)})

    assert (result.returncode, result.stderr) == (0, "Nothing needs you.\n")


@pytest.mark.usefixtures("cloud")
def test_part_of_the_regions_is_not_called_all_of_them(run: Run, file: Path) -> None:
    result = run(
        "status",
        "--region",
        "us-east-1",
        environment={"FIREHOSE_DEPLOYMENT": str(file)},
    )

    assert result.stderr == "Nothing needs you in us-east-1.\n"


@pytest.mark.parametrize("columns", ["80", "120"])
def test_table_has_a_line_for_each_region_and_none_that_wraps(
    cloud: FakeCloud,
    plans: tuple[RegionPlan, ...],
    monkeypatch: pytest.MonkeyPatch,
    columns: str,
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setenv("TERM", "xterm")
    terminal = Terminal()
    regions = everywhere(cloud, plans)
    rows = [region_row(it, tuple(concerns_of(it)), Format.TABLE) for it in regions]

    write(rows, form=Format.TABLE, facts=REGION_FACTS, details=False, stream=terminal)

    shown = re.sub(r"\x1b\[[\d;]*m", "", terminal.getvalue()).splitlines()
    lines = [line for line in shown if "✓" in line]
    assert [line.split()[1] for line in lines] == [plan.region for plan in plans]
    assert max(map(len, shown)) <= int(columns)
    assert len(shown) <= 3 + len(plans) + 2


def test_every_fact_of_a_function_is_in_the_wide_rows(
    cloud: FakeCloud, plans: tuple[RegionPlan, ...]
) -> None:
    (_, https, worker) = function_rows(cloud.live(plans[0]))

    assert set(FUNCTION_FACTS) <= set(https)
    assert (worker["function"], worker["memory_mb"]) == (WORKER, 512)


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        (
            {"memory_mb": 256},
            "memory: 1024 MB in us-east-1, ap-southeast-2; 256 MB in eu-central-1",
        ),
        ({"code": "two"}, "code: one in us-east-1, ap-southeast-2; two in eu-central-1"),
        ({"environment": (("EXTRA", "canary"),)}, "environment: EXTRA"),
    ],
)
def test_regions_that_differ_are_told_in_what_and_without_values(
    cloud: FakeCloud, plans: tuple[RegionPlan, ...], changed: dict[str, object], text: str
) -> None:
    versions = cloud.session("eu-central-1").functions.states[ENDPOINT].versions
    versions[1] = replace(versions[1], **changed)  # type: ignore[arg-type]

    (found,) = skew(everywhere(cloud, plans))

    assert found.startswith(f"lambda: regions differ in {text}")
    assert "canary" not in found


def test_reservation_and_missing_worker_of_one_region_are_told(
    cloud: FakeCloud, plans: tuple[RegionPlan, ...]
) -> None:
    session = cloud.session("us-east-1")
    session.functions.states[ENDPOINT].reserved = 5
    session.stacks.states[plans[0].stack_name].versions.pop(WORKER)

    reservation, presence = skew(everywhere(cloud, plans))

    assert "5 in us-east-1; 1000 in eu-central-1, ap-southeast-2" in reservation
    assert presence.startswith("worker: regions differ in presence: there in eu-central-1,")
    assert "the worker of the queue is planned but not deployed" in "".join(
        str(it) for it in concerns_of(cloud.live(plans[0]))
    )


def test_what_the_plan_has_unlike_is_no_skew(tmp_path: Path) -> None:
    file = tmp_path / "deployment.toml"
    file.write_text(
        'name = "acme"\n[environment]\nURL = "a"\n[regions.eu-central-1.environment]\nURL = "b"\n'
    )
    cloud, plans = FakeCloud(), plans_of(file)
    for plan in plans:
        cloud.deploy(plan)

    regions = everywhere(cloud, plans)

    assert skew(regions) == []
    assert [it.function_differences for it in regions] == [(), (), ()]


def test_variable_that_is_not_as_planned_is_named_without_its_value(
    cloud: FakeCloud, plans: tuple[RegionPlan, ...]
) -> None:
    function = replace(plans[0].function, environment={"URL": "canary"})

    (difference,) = cloud.live(replace(plans[0], function=function)).function_differences

    assert difference.text == "environment is not as planned: URL"
    assert "canary" not in repr(cloud.live(plans[0]).functions)


def test_dead_letters_are_worth_a_look_and_say_what_to_do(
    cloud: FakeCloud, plans: tuple[RegionPlan, ...]
) -> None:
    region = plans[0].region
    cloud.session(region).queues.waiting[
        f"https://sqs.{region}.amazonaws.com/1/DeadLetterQueueUrl"
    ] = 3

    (concern,) = concerns_of(cloud.live(plans[0]))

    assert str(concern) == (
        "! us-east-1: 3 messages could not be delivered"
        "\nNext: firehose redrive --region us-east-1 --dry-run"
    )
    assert QUEUE_URL_OUTPUT in cloud.live(plans[0]).stack.outputs
