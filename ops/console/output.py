"""What commands print: data on stdout, talk on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TextIO

from rich import box
from rich.console import Console
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

    No rows are `[]` as JSON, and nothing otherwise.
    """
    stream = stream or sys.stdout
    if form is Format.JSON:
        stream.write(f"{json.dumps(records, indent=2, ensure_ascii=False)}\n")
        return
    if not records:
        return
    table = Table(box=box.MARKDOWN if form is Format.MARKDOWN else box.SIMPLE_HEAD)
    for column in records[0]:
        table.add_column(column.replace("_", " "), overflow="fold")
    between = "\n" if form is Format.TABLE else ", "
    for record in records:
        table.add_row(*(_cell(value, between) for value in record.values()))
    width = None if form is Format.TABLE and stream.isatty() else _UNBOUNDED_WIDTH
    console = Console(file=stream, markup=False, highlight=False, width=width)
    console.print(table)


def say(text: str) -> None:
    """Tell the person at the terminal something that is not data."""
    sys.stderr.write(f"{text}\n")


def _cell(value: object, between: str) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return between.join(map(str, value)) or "-"
    return "-" if value is None or value == "" else str(value)
