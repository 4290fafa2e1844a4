"""The page of a board in a browser: whole and legible on a phone and on a wall."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from console.marks import Mark
from ops.oncall.board import Board, BoardRow
from ops.oncall.board_facts import BoardCell
from ops.oncall.board_page import page
from tests.browser import Page, browser

LAYOUT = (Path(__file__).parents[1] / "handoff" / "layout.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def wall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    file = tmp_path_factory.mktemp("wall") / "wall.html"
    bad = BoardCell(text="250 of 200 ms", mark=Mark.BAD)
    board = Board(
        name="acme",
        made_at="2026-11-02T12:00:00Z",
        regions=["us-east-1", "eu-central-1", "ap-southeast-2"],
        rows=[
            BoardRow(label="lambda calls/s", cells=[BoardCell(text="8", drawn=[0, 2, 1])] * 3),
            BoardRow(label="lambda p99", cells=[BoardCell(text="9 of 200 ms"), bad, bad]),
            BoardRow(label="dead letters", cells=[BoardCell(text="3", mark=Mark.ATTENTION)] * 3),
        ],
        concerns=["✗ eu-central-1: it is slow\nNext: firehose logs --region eu-central-1"],
    )
    file.write_text(page(board, None), "utf-8")
    with browser() as running:
        yield running.open(file)


@pytest.mark.rehearsal
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_page_fits_a_phone_and_a_wall(wall: Page, width: int, scheme: str) -> None:
    wall.show(width=width, scheme=scheme)
    found = wall.evaluate(LAYOUT)

    assert (found["scrolls"], found["outside"], found["faint"]) == (False, [], [])
