"""A guide as somebody follows it: its commands with what it shows of their output, its changes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

REST = "..."


@dataclass(frozen=True)
class Step:
    """A command with what the page shows of its output, or a change of a file."""

    command: str = ""
    shown: tuple[str, ...] = ()
    change: str = ""


def steps(page: str) -> Iterator[Step]:
    """Give the commands and changes of a guide in their order."""
    for kind, block in re.findall(r"^```(console|diff)\n(.*?)^```", page, re.MULTILINE | re.DOTALL):
        if kind == "diff":
            yield Step(change=block)
            continue
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *shown = part.splitlines()
            yield Step(command=command, shown=tuple(shown))


def assert_shown(step: Step, output: list[str]) -> None:
    """Hold the lines that the page shows against the output: all there, in their order.

    Only a page that shows a failure may have one.
    """
    code = output.pop()
    fails = any("failed" in line for line in step.shown)
    assert (code == "1") if fails else (code == "0"), (step.command, *output[-40:])
    lines = iter(output)
    for wanted in (" ".join(line.split()) for line in step.shown):
        if wanted != REST:
            found = any(" ".join(line.split()).startswith(wanted) for line in lines)
            assert found, (wanted, *output)
