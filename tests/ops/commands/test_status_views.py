"""The views of `firehose status`: wide, its history, on a wall, and with a region that fails."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from ops.oncall.status_rows import FUNCTION_FACTS, REGION_FACTS
from plan.region_plan import RegionPlan
from tests.aws.cloud import FakeCloud
from tests.aws.stack_record import BEGAN
from tests.running import Ran, Run

REGIONS = ("us-east-1", "eu-central-1", "ap-southeast-2")
NAMES = ("acme-firehose", "acme-Https-1", "acme-firehose-worker")
Status = Callable[..., Ran]


@pytest.fixture
def status(run: Run, cloud: FakeCloud, file: Path) -> Status:
    assert cloud.sessions.keys() == {*REGIONS}
    return lambda *options: run("status", *options, environment={"FIREHOSE_DEPLOYMENT": str(file)})


def test_table_has_a_row_a_region_and_nothing_below(status: Status) -> None:
    shown = status().stdout

    heading, _, *rows = (line for line in shown.splitlines() if line.strip())
    assert heading.split() == [*" ".join(REGION_FACTS).replace("_", " ").split()]
    assert [row.split()[1] for row in rows] == [*REGIONS]


def test_wide_has_a_row_for_each_function_of_each_region(status: Status) -> None:
    shown = status("--wide", "--format", "json")

    rows = json.loads(shown.stdout)
    assert [(row["region"], row["function"]) for row in rows] == [
        (region, name) for region in REGIONS for name in NAMES
    ]
    assert (shown.returncode, shown.stderr) == (0, "Nothing needs you.\n")


def test_wide_table_has_its_facts_and_the_rest_below(status: Status) -> None:
    shown = status("--wide").stdout

    heading = next(line for line in shown.splitlines() if "transport" in line)
    assert heading.split() == [*" ".join(FUNCTION_FACTS).replace("_", " ").split()]
    assert "made 2026-01-01" in shown


def test_history_of_all_regions_is_the_newest_first(status: Status, cloud: FakeCloud) -> None:
    for minutes, region in enumerate(REGIONS):
        cloud.session(region).trail.note(
            "UpdateAlias20150331",
            BEGAN + timedelta(minutes=10 + minutes),
            f"somebody in {region}",
            functionName="acme-firehose",
            functionVersion="1",
        )

    shown = status("--history", "--format", "json")

    rows = json.loads(shown.stdout)
    assert [row["who"] for row in rows[:3]] == [f"somebody in {it}" for it in reversed(REGIONS)]
    assert [row["time"] for row in rows] == sorted((row["time"] for row in rows), reverse=True)
    assert {row["region"] for row in rows[3:]} == {*REGIONS}
    assert shown.returncode == 0
    assert shown.stderr.startswith("Of the last 90 days, the newest first; who: by CloudTrail")


def test_history_of_a_region_that_fails_is_told(status: Status, cloud: FakeCloud) -> None:
    cloud.session("eu-central-1").stacks.states.clear()

    shown = status("--history", "--format", "json")

    assert shown.returncode == 4
    assert "eu-central-1" not in {row["region"] for row in json.loads(shown.stdout)}
    assert "Of the last 90 days" not in shown.stderr


def test_page_of_the_moment_says_where_it_is(status: Status, tmp_path: Path) -> None:
    wall = tmp_path / "wall.html"

    shown = status("--html", str(wall))

    assert shown.stderr == f"Written: {wall}\nNothing needs you.\n"
    assert "acme in 3 regions" in wall.read_text()
    assert "loads again" not in wall.read_text()


def test_region_that_fails_is_missing_in_the_table_and_empty_on_the_page(
    status: Status, cloud: FakeCloud, tmp_path: Path
) -> None:
    cloud.session("eu-central-1").stacks.states.clear()
    wall = tmp_path / "wall.html"

    shown = status("--html", str(wall), "--format", "json")

    assert [row["region"] for row in json.loads(shown.stdout)] == ["us-east-1", "ap-southeast-2"]
    assert shown.returncode == 4
    assert "acme-firehose-eu-central-1: the stack does not exist" in shown.stderr
    assert "acme-firehose-eu-central-1: the stack does not exist" in wall.read_text()
    assert "Nothing needs you" not in shown.stderr


@pytest.mark.parametrize(("options", "seconds"), [((), 60), (("--every", "10"), 10)])
def test_regions_are_watched_every_minute_unless_told_otherwise(
    status: Status,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    *,
    options: tuple[str, ...],
    seconds: int,
) -> None:
    wall, watched = tmp_path / "wall.html", []

    def watch(plans: Sequence[RegionPlan], *, every_seconds: int, html: Path) -> None:
        watched.append(([plan.region for plan in plans], every_seconds, html))

    monkeypatch.setattr("ops.commands.status.watch_regions", watch)

    shown = status("--watch", "--html", str(wall), *options)

    assert watched == [([*REGIONS], seconds, wall)]
    assert (shown.returncode, shown.stdout, shown.stderr) == (0, "", "")


def test_views_that_exclude_each_other_are_named(status: Status) -> None:
    refused = status("--wide", "--watch", "--history")

    assert refused.returncode == 2
    assert "--wide and --watch and --history: found together" in refused.stderr
