"""Run the tests that touch a line against a mutation of it, in a process of its own.

All tests of a room are collected once. A mutation inside a function is then put in place in a fork
of that process, as other code of the same function; one of what a module's import runs needs a
process that has not imported it yet.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import signal
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import coverage
import pytest

from tests.mutation.mutations import Mutation, mutations

ARGUMENTS = ("-qq", "-p", "no:randomly", "-p", "no:cacheprovider", "--assert=plain")
LOG = Path("build/mutation.log")
"""What pytest writes."""
MOST_PROCESSOR_SECONDS = 30
MOST_SECONDS = 150
"""What takes longer never ends, which a test would notice, too."""
_FUNCTION = 3
"""Flags of code that has local variables: a function's, not a module's or a class's."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One mutation of a module."""

    file: Path
    number: int
    mutation: Mutation

    def code(self) -> CodeType:
        """Compile the module with it."""
        mutated = mutations(self.file.read_text("utf-8"))[self.number].mutated()
        return compile(mutated, str(self.file), "exec")


class Room:
    """A pytest plug-in that tries mutations in place of running the tests.

    What no test notices is in `survived`, what has to be imported anew in `imported`, by index.
    """

    def __init__(self, trials: Sequence[Trial], jobs: int) -> None:
        self._trials = trials
        self._jobs = jobs
        self.survived: list[int] = []
        self.imported: list[int] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        lines = _touching(session, {trial.file for trial in self._trials})
        items = {item.nodeid: item for item in session.items}

        def begin(index: int) -> int | None:
            trial = self._trials[index]
            it = trial.mutation
            touched = lines[str(trial.file)]
            tests = [test for n in range(it.line, it.last_line + 1) for test in touched.get(n, ())]
            if not (changed := _changed(trial)):
                self.imported.append(index)
                return None
            return _forked(
                lambda: _noticed(session, [items[it] for it in dict.fromkeys(tests)], changed)
            )

        self.survived = [*_unnoticed(range(len(self._trials)), begin, self._jobs)]
        return True


def try_room(trials: Sequence[Trial], folders: Sequence[str], jobs: int) -> list[Trial]:
    """Give the trials that no test of the folders notices.

    Raises `RuntimeError` if a test fails without a mutation: then each would count as noticed.
    """

    def collected() -> list[list[int]]:
        room = Room(trials, jobs)
        _pytest([*folders, "-m", "not rehearsal"], room)
        return [room.survived, room.imported]

    survived, imported = _told(collected)

    def begin(index: int) -> int:
        return _forked(lambda: _imported(trials[index], folders))

    survived += _unnoticed(imported, begin, jobs)
    return [trials[index] for index in sorted(survived)]


def _unnoticed(
    indexes: Iterable[int], begin: Callable[[int], int | None], jobs: int
) -> Iterator[int]:
    """Begin each, some at once; give those whose process ends well."""
    running: dict[int, int] = {}

    def ended() -> Iterator[int]:
        process, status = os.wait()
        index = running.pop(process)
        if status == 0:
            yield index

    for index in indexes:
        if len(running) >= jobs:
            yield from ended()
        if process := begin(index):
            running[process] = index
    while running:
        yield from ended()


def _forked(work: Callable[[], int]) -> int:
    """Do it in a fork of this process, whose code is what it gives; the fork's id."""
    if child := os.fork():
        return child
    try:
        code = work()
    except BaseException:
        code = 70
    os._exit(code)


def _told(work: Callable[[], Any]) -> Any:
    """Do it in a fork of this process; give what it gives, which has to be JSON."""
    reading, writing = os.pipe()

    def tell() -> int:
        result = json.dumps(work())
        with os.fdopen(writing, "w") as results:
            results.write(result)
        return 0

    child = _forked(tell)
    os.close(writing)
    with os.fdopen(reading) as results:
        result = results.read()
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
        raise RuntimeError(f"a test fails without a mutation: {LOG}")
    return json.loads(result)


def _touching(session: pytest.Session, files: set[Path]) -> dict[str, dict[int, list[str]]]:
    """Run the tests as they are; tell by file and line which tests run it, quick ones first."""

    def run() -> dict[str, dict[int, list[str]]]:
        include = [str(file) for file in files]
        measured = coverage.Coverage(data_file=None, config_file=False, include=include)
        took: dict[str, float] = {}
        measured.start()
        for item in session.items:
            measured.switch_context(item.nodeid)
            started = time.process_time()
            if _run(session, [item]):
                raise RuntimeError(item.nodeid)
            took[item.nodeid] = time.process_time() - started
        measured.stop()
        data = measured.get_data()
        return {
            file: {
                line: sorted(tests, key=lambda test: took.get(test, 0.0))
                for line, tests in data.contexts_by_lineno(file).items()
            }
            for file in include
        }

    return {file: {int(n): it for n, it in lines.items()} for file, lines in _told(run).items()}


def _run(session: pytest.Session, items: Sequence[pytest.Item]) -> bool:
    """Run tests until one fails; tell whether one did."""
    for item, following in zip(items, [*items[1:], None], strict=True):
        session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            return True
    return False


def _noticed(
    session: pytest.Session, items: Sequence[pytest.Item], changed: Mapping[Any, CodeType]
) -> int:
    _limit()
    for function, code in changed.items():
        function.__code__ = code
    return int(_run(session, items))


def _imported(trial: Trial, folders: Sequence[str]) -> int:
    _limit()
    code, original = trial.code(), SourceFileLoader.get_code

    def get_code(loader: SourceFileLoader, name: str) -> Any:
        return code if loader.path == str(trial.file) else original(loader, name)

    SourceFileLoader.get_code = get_code  # type: ignore[assignment,method-assign]
    return _pytest([*folders, "-x", "-m", "not rehearsal"])


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_PROCESSOR_SECONDS, MOST_PROCESSOR_SECONDS))
    signal.alarm(MOST_SECONDS)


def _changed(trial: Trial) -> dict[FunctionType, CodeType]:
    """Find the functions that a mutation changes, with their other code; none if it cannot."""
    source = compile(trial.file.read_text("utf-8"), str(trial.file), "exec")
    before, after = dict(_functions(source)), dict(_functions(trial.code()))
    changed = {key for key, code in before.items() if after[key] != code}
    found = {
        it: after[_key(it.__code__)]
        for it in gc.get_objects()
        if type(it) is FunctionType
        and it.__code__.co_filename == str(trial.file)
        and _key(it.__code__) in changed
    }
    fits = all(len(it.__code__.co_freevars) == len(code.co_freevars) for it, code in found.items())
    return found if fits else {}


def _functions(code: CodeType) -> Iterator[tuple[tuple[str, int], CodeType]]:
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            if inner.co_flags & _FUNCTION == _FUNCTION:
                yield _key(inner), inner
            else:
                yield from _functions(inner)


def _key(code: CodeType) -> tuple[str, int]:
    return code.co_qualname, code.co_firstlineno


def _pytest(arguments: Sequence[str], *plugins: object) -> int:
    LOG.parent.mkdir(exist_ok=True)
    log = os.open(LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(log, stream)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ["HYPOTHESIS_PROFILE"] = "mutants"
    return int(pytest.main([*ARGUMENTS, *arguments], plugins=[*plugins]))
