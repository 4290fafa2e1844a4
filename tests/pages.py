"""The project's pages in Markdown, and the tables in them, which several tests read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from itertools import groupby, takewhile
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).parents[1]
DOCS = sorted((ROOT / "docs").rglob("*.md"))
"""What people read beside the README."""
TRANSCRIPT = ROOT / "tests" / "local" / "transcript" / "from-preflight-to-handoff.md"
"""What every operator command writes; `make transcript` writes it."""
PAGES = [*sorted(ROOT.glob("*.md")), *DOCS, TRANSCRIPT]

Row = list[str]
T = TypeVar("T", bound=Hashable)


def tables(text: str) -> Iterator[list[Row]]:
    """Yield the rows of each table of a page, its heading first."""
    for is_row, lines in groupby(text.splitlines(), lambda line: line.startswith("| ")):
        table = list(lines)
        if is_row and len(table) > 1 and table[1].startswith("| ---"):
            yield [cells(line) for line in (table[0], *table[2:])]


def cells(line: str) -> Row:
    """Split a row at its bars, but not at those that are escaped."""
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip("|"))]


def rows(text: str, heading: str) -> list[Row]:
    """Give the rows of the one table whose heading begins with these cells."""
    wanted = cells(heading)
    (found,) = (body for head, *body in tables(text) if head[: len(wanted)] == wanted)
    return found


def by_first_cell(text: str, heading: str) -> dict[str, Row]:
    """Give the rows of a table by their first cells; raises ValueError if two are the same."""
    table = rows(text, heading)
    if twice := _more_than_once(row[0] for row in table):
        raise ValueError(f"more than one row for {', '.join(twice)}")
    return {name: rest for name, *rest in table}


def that_stand_twice(table: list[Row]) -> list[Row]:
    """Find the rows that stand more than once, by the cells of code that they begin with.

    A row that begins with none is compared whole.
    """
    names = (
        tuple(takewhile(lambda cell: cell.startswith("`"), row)) or tuple(row) for row in table
    )
    return [list(name) for name in _more_than_once(names)]


def _more_than_once(values: Iterable[T]) -> list[T]:
    return [value for value, times in Counter(values).items() if times > 1]
