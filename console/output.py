"""What commands print: data on stdout, talk on stderr."""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TextIO

from rich import box
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from console.marks import coloured

_UNBOUNDED_WIDTH = 10_000
_PAGE_WIDTH = 100
"""Of what is written where no terminal sets a width."""


class Format(StrEnum):
    """How data is written to stdout."""

    TABLE = "table"
    JSON = "json"
    MARKDOWN = "markdown"


Record = Mapping[str, object]
"""One row: what JSON and Markdown show whole and a table cell by cell."""


def write(
    records: Sequence[Record],
    *,
    form: Format,
    facts: Sequence[str] = (),
    details: bool = True,
    one_line: bool = False,
    stream: TextIO | None = None,
) -> None:
    """Write rows of the same columns.

    A table has the columns that `facts` names (all, where it names none) and fits a terminal of 100
    columns; with `details`, what else a row has stands below it, named. Where a terminal is too
    narrow for a table with whole words, each value has a line of its own; with `one_line`, the end
    of the last column is cut off instead. JSON and Markdown have every column. No rows are `[]` as
    JSON, and nothing otherwise.
    """
    stream = stream or sys.stdout
    if form is Format.JSON:
        stream.write(f"{json.dumps(records, indent=2, ensure_ascii=False)}\n")
        return
    if not records:
        return
    shown = facts if facts and form is Format.TABLE else list(records[0])
    table = _table([{key: record[key] for key in shown} for record in records], form)
    if one_line:
        _cut_off_the_end(table)
    is_terminal = form is Format.TABLE and stream.isatty()
    console = Console(
        file=stream, markup=False, highlight=False, width=None if is_terminal else _UNBOUNDED_WIDTH
    )
    unbounded = console.options.update(max_width=_UNBOUNDED_WIDTH)
    if not one_line and Measurement.get(console, unbounded, table).minimum > console.width:
        stream.write("\n".join(_lines(record) for record in records))
        return
    console.print(table)
    if details and form is Format.TABLE:
        width = console.width if is_terminal else _PAGE_WIDTH
        stream.writelines(_below(record, shown, width) for record in records)


def say(text: str) -> None:
    """Tell the person at the terminal something that is not data."""
    if sys.stderr.isatty():
        # soft: a command to copy is not broken into lines
        Console(file=sys.stderr, highlight=False).print(coloured(text), soft_wrap=True)
    else:
        sys.stderr.write(f"{text}\n")


def _table(records: Sequence[Record], form: Format) -> Table:
    table = Table(box=box.MARKDOWN if form is Format.MARKDOWN else box.SIMPLE_HEAD)
    between = "\n" if form is Format.TABLE else ", "
    for column in records[0]:
        cells = [_heading(column), *(_cell(record[column], between) for record in records)]
        # where room is short, words are parted, and none is broken
        table.add_column(cells[0], overflow="fold", no_wrap=not any(" " in it for it in cells))
    for record in records:
        table.add_row(*(coloured(_cell(value, between)) for value in record.values()))
    return table


def _cut_off_the_end(table: Table) -> None:
    """Let the last column have what room the others leave."""
    for column in table.columns:
        column.no_wrap = True
    table.columns[-1].no_wrap = False  # so it is the one that becomes narrower
    for cell in table.columns[-1].cells:
        if isinstance(cell, Text):
            cell.no_wrap, cell.overflow = True, "ellipsis"


def _lines(record: Record) -> str:
    return "".join(f"{_heading(key)}: {_cell(value, ', ')}\n" for key, value in record.items())


def _below(record: Record, shown: Sequence[str], width: int) -> str:
    """Write what a row has besides its facts, where it has anything: a paragraph that names it."""
    others = [
        f"{_heading(key)} {_cell(value, ', ')}"
        for key, value in record.items()
        if key not in shown and value not in (None, "", [], ())
    ]
    if not others:
        return ""
    name = _cell(record[shown[0]], ", ")
    return (
        textwrap.fill(
            f"{name}: {'; '.join(others)}",
            width=max(width, 20),
            initial_indent="  ",
            subsequent_indent="    ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        + "\n"
    )


def _heading(column: str) -> str:
    return column.replace("_", " ")


def _cell(value: object, between: str) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return between.join(map(str, value)) or "-"
    return "-" if value is None or value == "" else str(value)
