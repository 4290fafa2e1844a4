"""The mark of a line that says how something is, and its colour on a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from rich.text import Text


class Mark(StrEnum):
    """Fine, works but wants a look, or has to be mended."""

    GOOD = "✓"
    ATTENTION = "!"
    BAD = "✗"


COLOURS: Mapping[Mark, str] = {
    Mark.GOOD: "green",
    Mark.ATTENTION: "yellow",
    Mark.BAD: "bold red",
}


def coloured(text: str) -> Text:
    """Colour a text that is a mark, and in any other each line's mark at its beginning.

    Whoever prints it decides whether colours show: rich does not without a terminal or with
    `NO_COLOR`.
    """
    result = Text(text)
    start = 0
    for line in text.split("\n"):
        for mark, style in COLOURS.items():
            if line == mark or line.startswith(f"{mark} "):
                result.stylize(style, start, start + len(mark))
        start += len(line) + 1
    return result
