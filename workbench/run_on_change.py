"""Run this command again, in a fresh process, whenever something it depends on changes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Event

from watchfiles import PythonFilter, watch

from console.interruption import unwound_by_sigterm
from console.output import say

_WATCH = "--watch"


class _Sources(PythonFilter):
    """Code, messages and the deployment file; no caches."""

    def __init__(self) -> None:
        super().__init__(extra_extensions=(".json", ".toml"))


def changes_of(paths: Sequence[Path], stop: Event) -> Iterator[object]:
    """Give a value for each change of code, messages or choices below the paths, until a stop."""
    existing = [path for path in paths if path.exists()]
    return watch(*existing, watch_filter=_Sources(), stop_event=stop, debounce=100, step=20)


def run_on_change(paths: Sequence[Path]) -> None:
    """Run the command that this process was started with, without `--watch`; again after a change.

    Ends with Ctrl-C. A process of its own each time, so that no module of before is left over.
    """
    existing = [path for path in paths if path.exists()]
    with suppress(KeyboardInterrupt):
        _run()
        say(f"Watching {', '.join(map(str, existing))}; Ctrl-C ends it.")
        for changes in watch(*existing, watch_filter=_Sources()):
            names = sorted({Path(path).name for _, path in changes})
            say(f"\n== Changed: {', '.join(names)}")
            _run()
    say("Stopped watching.")


def _run() -> None:
    arguments = [argument for argument in sys.argv[1:] if argument != _WATCH]
    command = [sys.executable, "-m", "cli", *arguments]
    with unwound_by_sigterm(), subprocess.Popen(command) as child:  # noqa: S603 - this command
        try:
            child.wait()
        finally:
            child.terminate()  # and wait until it has ended what it started itself
