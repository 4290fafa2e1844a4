"""What commands print: data on stdout, talk on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TextIO

from rich import box
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table

_UNBOUNDED_WIDTH = 10_000


class Format(StrEnum):
    """How data is written to stdout."""

    TABLE = "table"
    JSON = "json"
    MARKDOWN = "markdown"


Record = Mapping[str, object]
"""One row: what JSON shows whole and a table cell by cell."""


def write(records: Sequence[Record], *, form: Format, stream: TextIO | None = None) -> None:
    """Write rows of the same columns; nothing is cut off where no terminal sets a width.

    Where a terminal is too narrow for a table with whole words, each value has a line of its own.
    No rows are `[]` as JSON, and nothing otherwise.
    """
    stream = stream or sys.stdout
    if form is Format.JSON:
        stream.write(f"{json.dumps(records, indent=2, ensure_ascii=False)}\n")
        return
    if not records:
        return
    table = _table(records, form)
    width = None if form is Format.TABLE and stream.isatty() else _UNBOUNDED_WIDTH
    console = Console(file=stream, markup=False, highlight=False, width=width)
    unbounded = console.options.update(max_width=_UNBOUNDED_WIDTH)
    if Measurement.get(console, unbounded, table).minimum > console.width:
        stream.write("\n".join(_lines(record) for record in records))
    else:
        console.print(table)


def say(text: str) -> None:
    """Tell the person at the terminal something that is not data."""
    sys.stderr.write(f"{text}\n")


def _table(records: Sequence[Record], form: Format) -> Table:
    table = Table(box=box.MARKDOWN if form is Format.MARKDOWN else box.SIMPLE_HEAD)
    for column in records[0]:
        table.add_column(_heading(column), overflow="fold")
    between = "\n" if form is Format.TABLE else ", "
    for record in records:
        table.add_row(*(_cell(value, between) for value in record.values()))
    return table


def _lines(record: Record) -> str:
    return "".join(f"{_heading(key)}: {_cell(value, ', ')}\n" for key, value in record.items())


def _heading(column: str) -> str:
    return column.replace("_", " ")


def _cell(value: object, between: str) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return between.join(map(str, value)) or "-"
    return "-" if value is None or value == "" else str(value)
