"""All regions on one board: the same facts on a terminal and as a page."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from console.marks import Mark
from ops.oncall.board import Board, board_of, read_board
from ops.oncall.board_facts import BoardCell
from ops.oncall.board_page import page
from ops.oncall.board_screen import curve, drawn
from ops.oncall.watching import watch
from plan.region_plan import RegionPlan
from tests.aws.cloud import FakeCloud
from tests.running import Run

ENDPOINT, WORKER = "acme-firehose", "acme-firehose-worker"
REGION = "eu-central-1"


def measure(cloud: FakeCloud, metric: str, of: str, *values: float) -> None:
    cloud.session(REGION).watch.measured[metric, of] = list(values)


def cell(board: Board, label: str, region: str = REGION) -> BoardCell:
    (row,) = (it for it in board.rows if it.label == label)
    return row.cells[board.regions.index(region)]


def test_quiet_deployment_has_no_concern_and_every_cell_is_good(
    cloud: FakeCloud, plans: tuple[RegionPlan, ...]
) -> None:
    board = read_board(plans)

    assert board.concerns == []
    assert board.regions == [plan.region for plan in plans]
    assert {it.mark for row in board.rows for it in row.cells} == {Mark.GOOD}
    assert [row.label for row in board.rows][:3] == [
        "lambda calls/s",
        "lambda p99",
        "lambda errors",
    ]
    assert cell(board, "version").text == "1"
    assert cell(board, "lambda circuit").text == "closed"
    assert [it.calls.count("get_metric_data") for it in cloud.sessions.values()] == [1, 1, 1]


@pytest.mark.parametrize(
    ("metric", "value", "label", "expected"),
    [
        (
            ("Duration", ENDPOINT),
            149,
            "lambda p99",
            BoardCell(text="149 of 200 ms", mark=Mark.GOOD),
        ),
        (
            ("Duration", ENDPOINT),
            151,
            "lambda p99",
            BoardCell(text="151 of 200 ms", mark=Mark.ATTENTION),
        ),
        (("Duration", ENDPOINT), 201, "lambda p99", BoardCell(text="201 of 200 ms", mark=Mark.BAD)),
        (
            ("Errors", ENDPOINT),
            5,
            "lambda errors",
            BoardCell(text="5 (0.5 %)", mark=Mark.ATTENTION),
        ),
        (("Errors", ENDPOINT), 20, "lambda errors", BoardCell(text="20 (2 %)", mark=Mark.BAD)),
        (
            ("Throttles", ENDPOINT),
            1000,
            "lambda throttles",
            BoardCell(text="1000 (50 %)", mark=Mark.BAD),
        ),
        (("overflowed", ENDPOINT), 7, "lambda overflow", BoardCell(text="7", mark=Mark.GOOD)),
        (
            ("diverted", ENDPOINT),
            9,
            "lambda circuit",
            BoardCell(text="open: 9", mark=Mark.ATTENTION),
        ),
        (("held", WORKER), 4, "worker's circuit", BoardCell(text="open: 4", mark=Mark.ATTENTION)),
        (
            ("ApproximateAgeOfOldestMessage", "QueueUrl"),
            12,
            "oldest",
            BoardCell(text="12 of 300 s", mark=Mark.GOOD),
        ),
        (
            ("ApproximateAgeOfOldestMessage", "QueueUrl"),
            301,
            "oldest",
            BoardCell(text="301 of 300 s", mark=Mark.BAD),
        ),
    ],
)
def test_cell_shows_a_metric_with_its_limit_and_mark(
    cloud: FakeCloud,
    plans: tuple[RegionPlan, ...],
    *,
    metric: tuple[str, str],
    value: float,
    label: str,
    expected: BoardCell,
) -> None:
    measure(cloud, "Invocations", ENDPOINT, 1000)
    measure(cloud, *metric, value)

    assert cell(read_board(plans), label) == expected


def test_p99_behind_the_api_is_as_mparticle_sees_it(
    cloud: FakeCloud, plans: tuple[RegionPlan, ...]
) -> None:
    cloud.session(REGION).stacks.api = "api-1"
    measure(cloud, "Latency", "api-1", 80)
    measure(cloud, "Duration", "acme-Https-1", 20)

    found = cell(read_board(plans), "https p99")

    assert (found.text, found.mark) == ("80 of 100 ms", Mark.ATTENTION)


def test_rate_has_a_value_for_each_minute_of_half_an_hour(
    cloud: FakeCloud, plans: tuple[RegionPlan, ...]
) -> None:
    measure(cloud, "Invocations", ENDPOINT, *([600.0] * 4))

    found = cell(read_board(plans), "lambda calls/s")

    assert (len(found.drawn), sum(found.drawn)) == (30, 4 * 600)
    assert found.text == "8"


def test_region_that_fails_has_empty_cells_and_stands_first_below(
    cloud: FakeCloud, plans: tuple[RegionPlan, ...]
) -> None:
    cloud.session(REGION).stacks.states.clear()

    board = read_board(plans)

    assert cell(board, "version") == BoardCell(text="-")
    assert cell(board, "version", "us-east-1").text == "1"
    assert board.concerns[0].startswith("✗ eu-central-1: acme-firehose-eu-central-1: the stack")


def sick(cloud: FakeCloud, plans: tuple[RegionPlan, ...]) -> Board:
    cloud.session(REGION).ring("AlarmsEndpointLatencySlowAnswers0A1B2C3D", "PAGE. <b>Slow</b>.")
    measure(cloud, "Invocations", ENDPOINT, 1000, 500, 2000)
    measure(cloud, "Duration", ENDPOINT, 250)
    return read_board(plans)


@pytest.mark.parametrize("columns", [80, 120])
def test_board_of_three_regions_fits_a_terminal(
    cloud: FakeCloud, plans: tuple[RegionPlan, ...], columns: int
) -> None:
    output = io.StringIO()
    console = Console(file=output, width=columns, height=40)

    console.print(drawn(sick(cloud, plans), 60))

    text = output.getvalue()
    table = text[: text.index("✗ eu-central-1: ")].rstrip().splitlines()
    assert len(table) <= 24
    assert max(map(len, table)) <= columns
    assert "250 of 200 ms" in text
    assert "█▃▅" in text, "the newest minute is on the right"


def test_curve_is_as_high_as_its_highest_value() -> None:
    assert curve([0, 50, 100]) == "▁▅█"
    assert curve([0, 0]) == "▁▁"
    assert curve([]) == ""


def test_page_says_the_same_escaped_and_loads_itself_again(
    cloud: FakeCloud, plans: tuple[RegionPlan, ...]
) -> None:
    text = page(sick(cloud, plans), 60)

    assert '<meta http-equiv="refresh" content="60">' in text
    assert "1 thing needs somebody" in text
    assert "<b>Slow" not in text
    assert '<td class="bad" data-region="eu-central-1">250 of 200 ms</td>' in text
    assert 'http-equiv="refresh"' not in page(read_board(plans), None)


def test_watching_looks_again_until_it_is_stopped_and_keeps_the_page(
    cloud: FakeCloud, plans: tuple[RegionPlan, ...], tmp_path: Path
) -> None:
    file = tmp_path / "wall.html"
    paused: list[float] = []

    def pause(seconds: float) -> None:
        paused.append(seconds)
        if len(paused) == 2:
            raise KeyboardInterrupt

    watch(plans, every_seconds=30, html=file, pause=pause)

    assert paused == [30, 30]
    assert cloud.session(REGION).calls.count("get_metric_data") == 2
    assert "acme in 3 regions" in file.read_text()


@pytest.mark.usefixtures("cloud")
def test_watching_without_a_terminal_or_a_page_is_wrong_usage(run: Run, tmp_path: Path) -> None:
    environment = {"FIREHOSE_DEPLOYMENT": str(tmp_path / "deployment.toml")}

    refused = run("status", "--watch", environment=environment)
    once = run(
        *("status", "--html", str(tmp_path / "wall.html"), "--format", "json"),
        environment=environment,
    )

    assert refused.returncode == 2
    assert "--watch: found no terminal" in refused.stderr
    assert (once.returncode, len(json.loads(once.stdout))) == (0, 3)
    assert "Nothing needs anybody" in (tmp_path / "wall.html").read_text()


def test_board_without_any_region_read_has_no_rows(plans: tuple[RegionPlan, ...]) -> None:
    assert board_of(plans, {}, []).rows == []
