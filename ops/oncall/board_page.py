"""A board as a page of one file, for a screen on a wall: it loads itself again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from console.marks import Mark
from ops.oncall.board import Board
from ops.oncall.board_facts import BoardCell
from pages.axes import BOX, line_across
from pages.html_page import rendered

_CLASSES = {Mark.GOOD: "", Mark.ATTENTION: "warn", Mark.BAD: "bad"}


def page(board: Board, every_seconds: int | None) -> str:
    """Render a board; with `every_seconds` the page loads itself again."""
    rows = [
        {"label": row.label, "cells": [_shown(cell) for cell in row.cells]} for row in board.rows
    ]
    content = {
        "board": board,
        "rows": rows,
        "concerns": [_concern(it) for it in board.concerns],
        "every": every_seconds,
        "box": BOX,
    }
    return rendered(Path(__file__).with_suffix(".html"), content, filters={})


def _shown(cell: BoardCell) -> dict[str, Any]:
    return {"text": cell.text, "mark": _CLASSES[cell.mark], "path": _path(cell.drawn)}


def _path(values: Sequence[float]) -> str:
    """Draw values as a line across the box; nothing where all of them are 0."""
    if len(values) < 2 or not any(values):
        return ""
    return line_across(values, top=max(values))


def _concern(text: str) -> dict[str, str]:
    mark, _, sentence = text.partition(" ")
    problem, _, next_step = sentence.partition("\nNext: ")
    return {"mark": _CLASSES[Mark(mark)], "problem": problem, "next_step": next_step}
