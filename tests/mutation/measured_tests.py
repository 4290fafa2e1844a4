"""Which lines of a module each test of some folders runs, and for how long."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import coverage
import pytest

from tests.mutation.forked_tests import LOG, passing, told, with_tests

IMPORT = ""
"""How coverage calls all that runs before the first test."""
_UNMEASURED_SECONDS = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredTests:
    """The tests of some folders: the seconds of each, and those that run a line, by module."""

    folders: Sequence[str]
    seconds: dict[str, float] = field(default_factory=dict)
    lines: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    first: str = ""
    """The file that notices most, where each mutation is imported anew and nothing is measured."""

    def touching(self, module: Path, lines: Iterable[int] | None = None) -> set[str]:
        """Give the tests that run one of the lines, by default any; `IMPORT` is one of them."""
        known = self.lines.get(str(module), {})
        chosen = known if lines is None else map(str, lines)
        return {test for line in chosen for test in known.get(line, ())}

    def most_seconds(self, tests: Iterable[str]) -> int:
        """Give the processor time after which tests that a mutation slows down will never end."""
        if self.first:
            return _UNMEASURED_SECONDS
        return 5 + 3 * round(sum(self.seconds.get(it, 0.0) for it in tests))


def measured(folders: Sequence[str], modules: Sequence[Path]) -> MeasuredTests:
    """Run the tests of some folders. Raises `RuntimeError` if one fails without a mutation."""

    def measure() -> Any:
        run = coverage.Coverage(
            data_file=None,
            config_file=False,
            include=[*map(str, modules)],
            concurrency=["thread", "greenlet"],  # the simulation plays in greenlets
        )

        def work(session: pytest.Session) -> dict[str, float]:
            seconds = {}
            for item in session.items:
                run.switch_context(item.nodeid)
                started = time.process_time()
                if not passing(session, [item]):  # alone, so that it makes every fixture
                    raise RuntimeError(item.nodeid)
                seconds[item.nodeid] = time.process_time() - started
            return seconds

        run.start()
        seconds = with_tests(folders, work)
        run.stop()
        found = run.get_data()
        return seconds, {it: found.contexts_by_lineno(it) for it in found.measured_files()}

    seconds, lines = told(measure)
    if seconds is None:
        raise RuntimeError(f"a test fails without a mutation: {LOG}")
    return MeasuredTests(folders=folders, seconds=seconds, lines=lines)
