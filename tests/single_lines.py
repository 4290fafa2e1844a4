"""Coverage counts the tests that look at single lines, and rests while the others run.

It begins with a process that has `COVERAGE_PROCESS_START`, before anything of the product is
imported. What runs the product as a whole passes lines that it does not look at, and would be
slowed down. Nor can Python 3.11 always trace the threads of an embedded AWS.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Generator
from typing import Any

import pytest
from coverage import Coverage

WHOLE = ("tests/local/", "tests/simulation/")


class SingleLines:
    """A pytest plug-in for a process that runs tests and measures; what it starts does not."""

    def __init__(self, coverage: Coverage) -> None:
        self._coverage = coverage
        self._rests = False
        sys.settrace = _patient(sys.settrace)
        os.environ.pop("COVERAGE_PROCESS_START", None)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Rest, or go on, before a test and its fixtures."""
        rests = item.nodeid.startswith(WHOLE) or "rehearsal" in item.keywords
        if rests != self._rests:
            self._rests = rests
            (self._coverage.stop if rests else self._coverage.start)()
        return (yield)

    def pytest_unconfigure(self) -> None:
        """Write down what was passed, beside what other processes write."""
        self._coverage.stop()
        self._coverage.save()


def _patient(settrace: Any) -> Any:
    """Ask again, for a second, while another thread is at it: Python 3.11 refuses both at once.

    Without that, a thread dies before it begins: an audit hook (tests/border.py) makes room for
    others in between.
    """

    def ask(function: Any) -> Any:
        until = time.monotonic() + 1
        while True:
            try:
                return settrace(function)
            except RuntimeError as error:
                if "being installed" not in str(error) or time.monotonic() > until:
                    raise
            time.sleep(0.001)

    return ask


def register(config: pytest.Config) -> None:
    """Let coverage rest where it runs; the process that only shares out the tests has none."""
    coverage = Coverage.current()
    if coverage is None:
        return
    if hasattr(config, "workerinput") or not config.getoption("numprocesses", 0):
        config.pluginmanager.register(SingleLines(coverage), "single-lines")
    else:
        coverage.stop()
