"""How far long work has come, on stderr: bars on a terminal, else a line now and then."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

_LINE_SECONDS = 5.0


class Steps:
    """What several regions have done of their work; any thread may report."""

    def __init__(self, what: str, bars: Progress | None, stream: TextIO) -> None:
        self._what = what
        self._bars = bars
        self._stream = stream
        self._tasks: dict[str, TaskID] = {}
        self._said: dict[str, float] = {}
        self._ended: set[str] = set()
        self._lock = threading.Lock()

    def report(self, region: str, done: int, total: int, note: str = "") -> None:
        """Show that a region has done so much of all there is to do."""
        with self._lock:
            if self._bars:
                self._draw(self._bars, region, done, total, note)
            elif self._is_due(region, done, total):
                text = f"{done} of {total}{f', {note}' if note else ''}"
                self._stream.write(f"{region}: {self._what}: {text}\n")

    def _draw(self, bars: Progress, region: str, done: int, total: int, note: str) -> None:
        if region not in self._tasks:
            self._tasks[region] = bars.add_task(f"{region}: {self._what}", note="")
        bars.update(self._tasks[region], completed=done, total=total, note=note)

    def _is_due(self, region: str, done: int, total: int) -> bool:
        if done >= total:
            is_first = region not in self._ended
            self._ended.add(region)
            return is_first  # some work counts its last step twice
        self._ended.discard(region)
        now = time.monotonic()
        if now - self._said.setdefault(region, now) < _LINE_SECONDS:
            return False
        self._said[region] = now
        return True


@contextmanager
def steps(what: str) -> Iterator[Steps]:
    """Show the progress of some work for the length of a block.

    It goes to where stderr leads now, also while the block sends stderr elsewhere.
    """
    stream = sys.stderr
    console = Console(file=stream)
    if not console.is_terminal or console.is_dumb_terminal:
        yield Steps(what, None, stream)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed} of {task.total} {task.fields[note]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bars:
        yield Steps(what, bars, stream)
