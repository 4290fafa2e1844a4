"""The tests of a room, and whether they notice a mutation.

Each is tried by a process of its own, which imports it in place of its module, and the rest of the
product anew.
"""

from __future__ import annotations

import os
import signal
import tempfile
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from importlib.machinery import SourceFileLoader
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from coverage import Coverage

from tests.mutation.mutations import Mutation

LOG = Path("build/mutation.log")
"""What pytest writes."""
_ARGUMENTS = (
    *("-qq", "--exitfirst", "-m", "not rehearsal", "--assert=plain"),
    *("-p", "no:randomly", "-p", "no:cacheprovider"),
)
_FORK = get_context("fork")
_MOST_SECONDS = 30
"""What no test takes, nor the import of all: a mutation that waits for ever is noticed, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomTests:
    """The tests of some folders, with the seconds of each, and with those that run each line.

    `first` is how the tests are called that notice most, where that is known.
    """

    folders: Sequence[str]
    first: str
    seconds: Mapping[str, float]
    lines: Mapping[str, Mapping[int, Sequence[str]]]

    def notice(self, mutation: Mutation) -> bool:
        """Begin with those that run its line or, at least, its module, and with the quickest."""
        with TemporaryDirectory(prefix="mutation-", ignore_cleanup_errors=True) as scratch:
            process = _FORK.Process(target=self._run, args=(mutation, scratch))
            process.start()
            process.join()
        return process.exitcode != 0

    def _run(self, mutation: Mutation, scratch: str) -> None:
        os.environ["TMPDIR"] = tempfile.tempdir = scratch  # nothing cleans up after an alarm
        original = SourceFileLoader.get_code
        lines = self.lines.get(str(mutation.module), {})
        of_line = {*lines.get(mutation.line, ())}
        of_module = {test for tests in lines.values() for test in tests}

        def get_code(loader: SourceFileLoader, name: str) -> Any:
            return mutation.code if loader.path == str(mutation.module) else original(loader, name)

        def rank(item: pytest.Item) -> tuple[bool, bool, bool, float]:
            test = item.nodeid
            nearness = not test.startswith(self.first), test not in of_line, test not in of_module
            return *nearness, self.seconds.get(test, 0.0)

        signal.alarm(_MOST_SECONDS)  # its end, unless a test begins before
        SourceFileLoader.get_code = get_code  # type: ignore[assignment,method-assign]
        os._exit(_pytest(self.folders, _Order(rank)))


def measured(folders: Sequence[str], modules: Sequence[Path], first: str = "") -> RoomTests:
    """Run the tests of some folders. Raises `RuntimeError` if one fails without a mutation."""
    with ProcessPoolExecutor(1, _FORK) as pool:
        seconds, lines = pool.submit(_measure, folders, [*map(str, modules)]).result()
    return RoomTests(folders=folders, first=first, seconds=seconds, lines=lines)


def _measure(folders: Sequence[str], modules: Sequence[str]) -> tuple[Any, Any]:
    coverage = Coverage(
        data_file=None,
        config_file=False,
        include=modules,
        concurrency=["thread", "greenlet"],  # the simulation plays in greenlets
    )
    stopwatch = _Stopwatch(coverage, {})
    coverage.start()
    if _pytest(folders, stopwatch):
        raise RuntimeError(f"a test fails without a mutation: {LOG}")
    coverage.stop()
    data = coverage.get_data()
    return stopwatch.seconds, {it: data.contexts_by_lineno(it) for it in data.measured_files()}


def _pytest(folders: Sequence[str], plugin: object) -> int:
    LOG.parent.mkdir(exist_ok=True)
    with LOG.open("ab") as log:
        for stream in (1, 2):
            os.dup2(log.fileno(), stream)
    os.environ["HYPOTHESIS_PROFILE"] = "mutants"
    return pytest.main([*_ARGUMENTS, *folders], plugins=[plugin])


@dataclass(frozen=True, slots=True)
class _Stopwatch:
    """A pytest plug-in that measures each test, and tells coverage which one runs."""

    coverage: Coverage
    seconds: dict[str, float]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        self.coverage.switch_context(item.nodeid)
        started = time.process_time()
        result = yield
        self.seconds[item.nodeid] = time.process_time() - started
        return result


@dataclass(frozen=True, slots=True)
class _Order:
    """A pytest plug-in that runs the tests in the order of what `rank` gives, and in time."""

    rank: Callable[[pytest.Item], tuple[bool, bool, bool, float]]

    @pytest.hookimpl(wrapper=True)
    def pytest_collection_modifyitems(
        self, items: list[pytest.Item]
    ) -> Generator[None, None, None]:
        yield
        items.sort(key=self.rank)

    def pytest_runtest_logstart(self) -> None:
        signal.alarm(_MOST_SECONDS)
