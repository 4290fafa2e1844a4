"""What a run says at its end: where the processor's time went, and what it did not run, and why."""

from __future__ import annotations

import os
import resource
from collections import Counter
from collections.abc import Generator, Sequence
from typing import Any

import pytest

HAVE_VARIABLE = "FIREHOSE_TESTS_HAVE"
"""Reasons to skip, divided by `;`, that do not hold here: what is skipped for one of them fails."""
SLOWEST = 10
_STARTED = pytest.StashKey[float]()


def processor_seconds() -> float:
    """Give what this process has used so far, and the children that it has waited for."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(it.ru_utime + it.ru_stime for it in used)


class Account:
    """A pytest plug-in; each process of pytest-xdist measures, and the first one adds up."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = {}
        self._skipped: Counter[str] = Counter()
        self._left_out = 0

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Note when a test begins: its fixtures are part of it."""
        item.stash[_STARTED] = processor_seconds()
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Send what a test took with its last report."""
        report = yield
        if call.when == "teardown":
            taken = processor_seconds() - item.stash[_STARTED]
            report.user_properties.append(("processor_seconds", taken))
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add a report up."""
        if report.when == "teardown":
            self._seconds[report.nodeid] = float(
                str(dict(report.user_properties)["processor_seconds"])
            )
        if report.skipped and isinstance(report.longrepr, tuple):
            self._skipped[report.longrepr[2].removeprefix("Skipped: ")] += 1

    def pytest_deselected(self, items: Sequence[pytest.Item]) -> None:
        """Count what `-m` left out."""
        self._left_out += len(items)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Tell the first process what was left out; fail where something here was not used."""
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput["left_out"] = self._left_out
        elif self._missed():
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take it from a process that ends; each one was given the same tests."""
        self._left_out = getattr(node, "workeroutput", {}).get("left_out", self._left_out)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say it."""
        say = terminalreporter.write_line
        slowest = sorted(self._seconds, key=lambda it: -self._seconds[it])[:SLOWEST]
        total = sum(self._seconds.values())
        terminalreporter.section(f"{total:.1f} s of processor time in tests, the most in")
        for test in slowest:
            if self._seconds[test] >= 0.1:
                say(f"{self._seconds[test]:6.1f} s  {test}")
        if self._skipped or self._left_out:
            terminalreporter.section("not run")
        for reason, count in sorted(self._skipped.items()):
            say(f"{count:4}  {reason}{', BUT IT IS HERE' * (reason in self._missed())}")
        if self._left_out:
            say(f"{self._left_out:4}  of `make rehearsal`, or of `make test`: left out with -m")

    def _missed(self) -> set[str]:
        have = os.environ.get(HAVE_VARIABLE, "").split(";")
        return {reason for reason in self._skipped for it in have if it and it in reason}
