"""How a command over every region ends: what was found, what failed, the exit code."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import typer

from console.exit_codes import CommandError, ExitCode
from console.output import say
from plan.region_plan import RegionPlan

T = TypeVar("T")


def sorted_out(
    outcomes: Sequence[tuple[RegionPlan, T | CommandError]],
) -> tuple[list[tuple[RegionPlan, T]], list[CommandError]]:
    """Part the regions that gave something from those that failed."""
    found = [(plan, it) for plan, it in outcomes if not isinstance(it, CommandError)]
    return found, [it for _, it in outcomes if isinstance(it, CommandError)]


def named(done: Sequence[RegionPlan], every: Sequence[str]) -> str | None:
    """Name the regions that something was done in; none where it was every one that is planned."""
    if set(every) <= {it.region for it in done}:
        return None
    return " and ".join(it.region for it in done)


def finish(failures: Sequence[CommandError], problems: Sequence[str] = ()) -> None:
    """Say every failure and problem; raises `typer.Exit` with the code of the worst of them."""
    for complaint in (*failures, *problems):
        say(str(complaint))
    if failures:
        raise typer.Exit(failures[0].exit_code)
    if problems:
        raise typer.Exit(ExitCode.CHECK_FAILED)
