"""A board on a terminal: a column a region, what needs somebody below, drawn anew each time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

from console.marks import COLOURS, Mark, coloured
from ops.oncall.board import Board
from ops.oncall.board_facts import BoardCell

_BLOCKS = "▁▂▃▄▅▆▇█"
_DRAWN = 10
"""Minutes of a small curve beside a number, so that three regions fit 80 columns."""


def drawn(board: Board, every_seconds: int | None = None) -> Group:
    """Draw a board; `every_seconds` tells how often it is drawn anew."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("")
    for region in board.regions:
        table.add_column(region, no_wrap=True)
    for row in board.rows:
        table.add_row(row.label, *(_cell(it) for it in row.cells))
    return Group(_title(board, every_seconds), table, *_below(board))


def _title(board: Board, every_seconds: int | None) -> Text:
    again = f", every {every_seconds} s; Ctrl-C ends" if every_seconds else ""
    return Text(f"{board.name} at {board.made_at}{again}", style="bold")


def _cell(cell: BoardCell) -> Text:
    text = Text(cell.text, style="" if cell.mark is Mark.GOOD else COLOURS[cell.mark])
    if cell.drawn:
        text.append(f" {curve(cell.drawn[-_DRAWN:])}", style="dim")
    return text


def curve(values: Sequence[float]) -> str:
    """Draw values as blocks, the highest as high as a line."""
    top = max(values, default=0) or 1
    return "".join(_BLOCKS[round((len(_BLOCKS) - 1) * value / top)] for value in values)


def _below(board: Board) -> Iterator[Text]:
    if not board.concerns:
        yield coloured(f"{Mark.GOOD} Nothing needs you.")
    for concern in board.concerns:
        yield coloured(concern)
