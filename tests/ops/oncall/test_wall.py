"""A board on a terminal and as a page: titles, curves, colours, and what stays on the screen."""

from __future__ import annotations

import io
import re
import sys
from typing import Any

import pytest
from rich.console import Console

from console.marks import Mark
from ops.oncall.board import Board, BoardRow
from ops.oncall.board_facts import BoardCell
from ops.oncall.board_page import page
from ops.oncall.board_screen import drawn
from ops.oncall.watching import watch
from plan.region_plan import RegionPlan
from tests.aws.cloud import FakeCloud


def board(*cells: BoardCell, concerns: tuple[str, ...] = ()) -> Board:
    return Board(
        name="acme",
        made_at="2026-11-25T12:00:00Z",
        regions=[f"region-{number}" for number in range(len(cells))],
        rows=[BoardRow(label="calls", cells=cells)],
        concerns=concerns,
    )


def shown(
    it: Board, every_seconds: int | None = None, *, colours: bool = False, width: int = 100
) -> str:
    output = io.StringIO()
    system: Any = "standard" if colours else None
    console = Console(file=output, width=width, force_terminal=colours, color_system=system)
    console.print(drawn(it, every_seconds))
    return output.getvalue()


def test_title_says_when_and_how_often() -> None:
    quiet = board(BoardCell(text="1"))

    assert shown(quiet).splitlines()[0] == "acme at 2026-11-25T12:00:00Z"
    assert shown(quiet, 60).splitlines()[0] == (
        "acme at 2026-11-25T12:00:00Z, every 60 s; Ctrl-C ends"
    )


def test_every_region_has_its_column_and_every_fact_its_row() -> None:
    lines = shown(board(BoardCell(text="1"), BoardCell(text="2"))).splitlines()

    assert [line.rstrip() for line in lines[2:]] == [
        "         region-0   region-1",
        " ───────────────────────────",
        " calls   1          2",
        "",
        "✓ Nothing needs you.",
    ]


def test_fact_keeps_to_its_line_however_narrow_the_terminal_is() -> None:
    text = shown(board(*(BoardCell(text="250 of 200 ms") for _ in range(3))), width=40)

    assert len([line for line in text.splitlines() if "250" in line or "ms" in line]) == 1


def test_concerns_stand_below_instead() -> None:
    text = shown(board(BoardCell(text="1"), concerns=("✗ bad", "! less bad")))

    assert text.splitlines()[-2:] == ["✗ bad", "! less bad"]
    assert "Nothing needs you" not in text


def test_curve_is_of_the_last_ten_minutes_beside_the_number() -> None:
    values = [100.0, *range(10)]

    assert "7 ▁▂▃▃▄▅▆▆▇█" in shown(board(BoardCell(text="7", drawn=values)))


@pytest.mark.parametrize(
    ("mark", "colour"), [(Mark.ATTENTION, "33"), (Mark.BAD, "1;31"), (Mark.GOOD, "")]
)
def test_number_has_the_colour_of_how_it_is(mark: Mark, colour: str) -> None:
    text = shown(board(BoardCell(text="seven", mark=mark)), colours=True)

    (before,) = re.findall(r"(\x1b\[[\d;]*m)?seven", text)
    assert before == (f"\x1b[{colour}m" if colour else "")


def test_curve_and_title_have_their_own_style() -> None:
    text = shown(board(BoardCell(text="7", drawn=[1, 1])), colours=True)

    assert text.startswith("\x1b[1macme at")
    assert re.search(r"7\x1b\[2m ██", text)


def test_page_marks_each_cell_and_concern() -> None:
    cells = [BoardCell(text=it.name, mark=it) for it in Mark]
    concerns = ("✗ acme: bad\nNext: mend it", "! acme: less bad")

    text = page(board(*cells, concerns=concerns), 60)

    for mark, name in (("", "GOOD"), ("warn", "ATTENTION"), ("bad", "BAD")):
        assert f'<td class="{mark}" data-region="region-' in text
        assert re.search(rf'<td class="{mark}" [^>]*>{name}</td>', text)
    assert '<span class="badge bad">now</span> acme: bad' in text
    assert "<code>mend it</code>" in text
    assert '<span class="badge warn">today</span> acme: less bad' in text
    assert text.count("<code>") == 1
    assert "acme in 3 regions" in text
    assert "2026-11-25T12:00:00Z; loads again every 60 s" in text


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ((0, 50, 100), "M0 1000L500 500L1000 0"),
        ((5, 5), "M0 0L1000 0"),
        ((0, 0), None),
        ((7,), None),
        ((), None),
    ],
)
def test_page_draws_values_as_high_as_the_highest(
    values: tuple[float, ...], path: str | None
) -> None:
    text = page(board(BoardCell(text="7", drawn=values)), None)

    found = re.findall(r'viewBox="0 0 (\d+) (\d+)"[^>]*><path class="line" d="([^"]+)"/>', text)
    assert found == ([("1000", "1000", path)] if path else [])


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.usefixtures("cloud")
def test_terminal_shows_the_board_each_time_and_keeps_the_last_one(
    plans: tuple[RegionPlan, ...],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    terminal, paused = Terminal(), []

    def pause(seconds: float) -> None:
        paused.append((seconds, terminal.getvalue().count("every 30 s; Ctrl-C ends")))
        if len(paused) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")

    watch(plans, every_seconds=30, html=None, pause=pause)

    written = terminal.getvalue()
    assert [seconds for seconds, _ in paused] == [30, 30]
    assert paused[0][1] >= 1
    assert paused[1][1] > paused[0][1], "drawn anew"
    enter, leave = "\x1b[?1049h", "\x1b[?1049l"
    assert written.count(enter) == written.count(leave) == 1
    kept = written[written.index(leave) :]
    assert "acme at" in kept
    assert "Ctrl-C ends" not in kept
    assert capsys.readouterr().err == "Stopped watching.\n"


def test_watching_that_is_stopped_before_the_first_board_keeps_none(
    cloud: FakeCloud, plans: tuple[RegionPlan, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = Terminal()

    def interrupted(_: object) -> Board:
        raise KeyboardInterrupt

    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setattr("ops.oncall.watching.read_board", interrupted)

    watch(plans, every_seconds=30, html=None)

    assert "acme at" not in terminal.getvalue()
    assert cloud.session("us-east-1").calls.count("get_metric_data") == 0
