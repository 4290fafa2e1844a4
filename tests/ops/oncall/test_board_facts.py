"""The facts of a board: what each row shows of a region, and from where on it is not fine."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.marks import Mark
from ops.oncall.board import Board, read_board
from ops.oncall.board_facts import BoardCell
from plan.alarms import ERRORS, THROTTLED_SHARE
from plan.names import ALIAS
from plan.region_plan import RegionPlan
from tests.aws.cloud import FakeCloud, plans_of

ENDPOINT, HTTPS, WORKER = "acme-firehose", "acme-Https-1", "acme-firehose-worker"
REGION = "eu-central-1"
QUEUE, DEAD = (f"https://sqs.{REGION}.amazonaws.com/1/{it}QueueUrl" for it in ("", "DeadLetter"))
OF_A_QUIET_REGION = {
    "lambda calls/s": "0",
    "lambda p99": "- of 200 ms",
    "lambda errors": "0",
    "lambda throttles": "0",
    "lambda overflow": "0",
    "lambda circuit": "closed",
    "https calls/s": "0",
    "https p99": "- of 100 ms",
    "https errors": "0",
    "https throttles": "0",
    "https overflow": "0",
    "https circuit": "closed",
    "queue": "0",
    "oldest": "- of 300 s",
    "worker's circuit": "closed",
    "dead letters": "0",
    "version": "1",
    "alarms": "none",
}


def measure(cloud: FakeCloud, metric: str, of: str, *values: float) -> None:
    cloud.session(REGION).watch.measured[metric, of] = list(values)


def cell(board: Board, label: str, region: str = REGION) -> BoardCell:
    (row,) = (it for it in board.rows if it.label == label)
    return row.cells[board.regions.index(region)]


def fine(text: str) -> BoardCell:
    return BoardCell(text=text, mark=Mark.GOOD)


def attention(text: str) -> BoardCell:
    return BoardCell(text=text, mark=Mark.ATTENTION)


def test_rows_go_from_the_call_to_the_queue_to_the_release(
    cloud: FakeCloud, plans: tuple[RegionPlan, ...]
) -> None:
    board = read_board(plans)

    assert cloud.sessions.keys() == {*board.regions}
    assert {row.label: row.cells[0].text for row in board.rows} == OF_A_QUIET_REGION
    assert [row.label for row in board.rows] == [*OF_A_QUIET_REGION]


def test_parts_that_are_not_deployed_have_no_row(tmp_path: Path, cloud: FakeCloud) -> None:
    families = 'events = "inline"\naudiences = "inline"\ndsr = "inline"\n'
    file = tmp_path / "inline.toml"
    file.write_text(f'name = "calm"\n[processing]\n{families}[queue]\nkeep = false\n')
    plans = plans_of(file)
    for plan in plans:
        cloud.deploy(plan)

    board = read_board(plans[:1])

    assert board.name == "calm"
    assert [row.label for row in board.rows] == [
        *(it for it in OF_A_QUIET_REGION if it.startswith("lambda")),
        *("version", "alarms"),
    ]


def test_part_that_one_region_lacks_has_an_empty_cell_there(
    cloud: FakeCloud, plans: tuple[RegionPlan, ...]
) -> None:
    stack = f"acme-firehose-{REGION}"
    cloud.session(REGION).stacks.states[stack].versions.pop(HTTPS)

    board = read_board(plans)

    assert cell(board, "https errors") == fine("-")
    assert cell(board, "https errors", "us-east-1") == fine("0")


def test_everything_undelivered_is_in_the_queue(
    cloud: FakeCloud, plans: tuple[RegionPlan, ...]
) -> None:
    queues = cloud.session(REGION).queues
    queues.waiting, queues.in_flight, queues.delayed = {QUEUE: 1}, {QUEUE: 10}, {QUEUE: 100}

    assert cell(read_board(plans), "queue") == BoardCell(text="111")


def test_dead_letters_want_a_look(cloud: FakeCloud, plans: tuple[RegionPlan, ...]) -> None:
    cloud.session(REGION).queues.waiting = {DEAD: 3}

    found = cell(read_board(plans), "dead letters")

    assert found == BoardCell(text="3", mark=Mark.ATTENTION)


def test_version_that_is_not_the_stacks_wants_a_look(
    cloud: FakeCloud, plans: tuple[RegionPlan, ...]
) -> None:
    for plan in plans:
        cloud.deploy(plan, "two")
    cloud.session(REGION).functions.states[HTTPS].aliases[ALIAS].move("1")

    board = read_board(plans)

    assert cell(board, "version") == BoardCell(text="2/1/2", mark=Mark.ATTENTION)
    assert cell(board, "version", "us-east-1") == BoardCell(text="2")


@pytest.mark.parametrize(("severity", "mark"), [("PAGE", Mark.BAD), ("TICKET", Mark.ATTENTION)])
def test_alarms_are_counted_and_are_as_bad_as_the_worst(
    cloud: FakeCloud, plans: tuple[RegionPlan, ...], severity: str, mark: Mark
) -> None:
    cloud.session(REGION).ring("AlarmsQueueAge0A1B2C3D", "TICKET. Slow.")
    cloud.session(REGION).ring("AlarmsEndpointErrors0A1B2C3D", f"{severity}. Look.")

    assert cell(read_board(plans), "alarms") == BoardCell(text="2 ring", mark=mark)


@pytest.mark.parametrize(
    ("metric", "of", "value", "label", "expected"),
    [
        ("Duration", ENDPOINT, 150, "lambda p99", fine("150 of 200 ms")),
        ("Duration", ENDPOINT, 200, "lambda p99", attention("200 of 200 ms")),
        ("ApproximateAgeOfOldestMessage", "QueueUrl", 300, "oldest", fine("300 of 300 s")),
        ("overflowed", HTTPS, 7, "https overflow", fine("7")),
        ("diverted", HTTPS, 9, "https circuit", attention("open: 9")),
        ("held", WORKER, 1, "worker's circuit", attention("open: 1")),
        ("Errors", HTTPS, 1, "https errors", BoardCell(text="1 (1e+02 %)", mark=Mark.BAD)),
    ],
)
def test_value_at_its_limit_is_still_within_it(
    cloud: FakeCloud,
    plans: tuple[RegionPlan, ...],
    *,
    metric: str,
    of: str,
    value: float,
    label: str,
    expected: BoardCell,
) -> None:
    measure(cloud, metric, of, value)

    assert cell(read_board(plans), label) == expected


@pytest.mark.parametrize(
    ("metric", "label", "percent"),
    [
        ("Errors", "lambda errors", ERRORS.threshold),
        ("Throttles", "lambda throttles", THROTTLED_SHARE.threshold),
    ],
)
def test_share_that_reaches_the_alarms_threshold_is_bad(
    cloud: FakeCloud, plans: tuple[RegionPlan, ...], metric: str, label: str, percent: float
) -> None:
    others = 100 - percent if metric == "Throttles" else 100
    measure(cloud, "Invocations", ENDPOINT, others)
    measure(cloud, metric, ENDPOINT, percent)

    found = cell(read_board(plans), label)

    assert found == BoardCell(text=f"{percent:g} ({percent:.2g} %)", mark=Mark.BAD)


def test_only_the_last_five_minutes_count(cloud: FakeCloud, plans: tuple[RegionPlan, ...]) -> None:
    minutes = [0, 0, 0, 0, 0, 60_000]
    for metric in ("Invocations", "Errors", "Throttles", "overflowed", "diverted"):
        measure(cloud, metric, ENDPOINT, *minutes)
    measure(cloud, "held", WORKER, *minutes)

    board = read_board(plans)

    labels = ("lambda calls/s", "lambda errors", "lambda throttles", "lambda overflow")
    assert [cell(board, it).text for it in labels] == ["0", "0", "0", "0"]
    assert cell(board, "lambda circuit") == BoardCell(text="closed")
    assert cell(board, "worker's circuit") == BoardCell(text="closed")


def test_curve_ends_with_the_last_whole_minute(
    cloud: FakeCloud, plans: tuple[RegionPlan, ...]
) -> None:
    measure(cloud, "Invocations", ENDPOINT, 1, 2, 3)

    drawn = cell(read_board(plans), "lambda calls/s").drawn

    assert drawn == [*([0.0] * 27), 3, 2, 1]
