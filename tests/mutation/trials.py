"""Run the tests that touch a line against a mutation of it, in a process of its own.

The tests of a room are measured once: which lines each runs, and for how long. A mutation of what
only tests run is put in place in a fork of a process that has collected them, as other code of the
same function; one of what the module's import runs needs a process that imports it anew. So does
every mutation of the stacks: forks of one process would share its jsii, which answers one of them.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import signal
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from importlib.machinery import SourceFileLoader
from pathlib import Path
from tempfile import TemporaryFile
from types import CodeType, FunctionType
from typing import Any

import coverage
import pytest

from tests.mutation.mutations import Mutation

LOG = Path("build/mutation.log")
"""What pytest writes."""
_ARGUMENTS = (
    *("-qq", "-m", "not rehearsal", "--assert=plain"),
    *("-p", "no:randomly", "-p", "no:cacheprovider"),
)
_IMPORT = ""
"""How coverage calls all that runs before the first test."""
_FUNCTION = 3
"""Flags of code that has local variables: a function's, not a module's or a class's."""
_UNMEASURED_SECONDS = 120
_progress = os.fdopen(os.dup(2), "w", buffering=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredTests:
    """The tests of some folders: the seconds of each, and those that run a line, by module."""

    folders: Sequence[str]
    seconds: dict[str, float] = field(default_factory=dict)
    lines: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    first: str = ""
    """The file that notices most, where each mutation is imported anew and nothing is measured."""

    def touching(self, module: Path, lines: Iterable[int] | None = None) -> set[str]:
        """Give the tests that run one of the lines, by default any; `_IMPORT` is one of them."""
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
                if not _pass(session, [item]):  # alone, so that it makes every fixture
                    raise RuntimeError(item.nodeid)
                seconds[item.nodeid] = time.process_time() - started
            return seconds

        run.start()
        seconds = _with_tests(folders, work)
        run.stop()
        found = run.get_data()
        return seconds, {it: found.contexts_by_lineno(it) for it in found.measured_files()}

    seconds, lines = _told(measure)
    if seconds is None:
        raise RuntimeError(f"a test fails without a mutation: {LOG}")
    return MeasuredTests(folders=folders, seconds=seconds, lines=lines)


def survivors(mutations: Sequence[Mutation], tests: MeasuredTests) -> list[Mutation]:
    """Give the mutations of one module that no test notices."""

    def in_place(session: pytest.Session) -> list[bool | None]:
        return [_survives_in_place(it, tests, session) for it in _shown(mutations)]

    if tests.first:
        return [it for it in _shown(mutations) if _survives_import(it, tests)]
    survive = _told(lambda: _with_tests(tests.folders, in_place))
    return [
        it
        for it, survives in zip(mutations, survive, strict=True)
        if survives or (survives is None and _survives_import(it, tests))
    ]


def _shown(mutations: Sequence[Mutation]) -> Iterator[Mutation]:
    for number, it in enumerate(mutations):
        if number % 25 == 0:
            _progress.write(f"{it.module.name}: {number} of {len(mutations)}\n")
        yield it


def _survives_in_place(
    mutation: Mutation, tests: MeasuredTests, session: pytest.Session
) -> bool | None:
    """Try a mutation in a fork of this process; none if it has to be imported."""
    touching = tests.touching(mutation.module, mutation.statement)
    if not touching:
        return True
    functions = [] if _IMPORT in touching else _changed(mutation)
    if not functions:
        return None

    def passes() -> bool:
        for function, code in functions:
            function.__code__ = code
        items = [it for it in session.items if it.nodeid in touching]
        return _pass(session, sorted(items, key=lambda it: tests.seconds[it.nodeid]))

    return _is_true(passes, tests.most_seconds(touching))


def _survives_import(mutation: Mutation, tests: MeasuredTests) -> bool:
    """Try a mutation in forks of this process, which has not imported its module yet.

    First with the files whose tests run something of the module, then with all.
    """
    original, touching = SourceFileLoader.get_code, tests.touching(mutation.module)

    def get_code(loader: SourceFileLoader, name: str) -> Any:
        return mutation.code if loader.path == str(mutation.module) else original(loader, name)

    def rank(item: pytest.Item) -> tuple[bool, float]:
        return item.nodeid not in touching, tests.seconds.get(item.nodeid, 0.0)

    def passes(files: Sequence[str]) -> bool:
        SourceFileLoader.get_code = get_code  # type: ignore[assignment,method-assign]
        return _with_tests(files, lambda it: _pass(it, sorted(it.items, key=rank))) is True

    most = tests.most_seconds(tests.seconds)
    files = [tests.first] if tests.first else _files(touching - {_IMPORT})
    return all(_is_true(partial(passes, it), most) for it in (files, tests.folders) if it)


def _files(tests: Iterable[str]) -> list[str]:
    return sorted({it.partition("::")[0] for it in tests})


def _changed(mutation: Mutation) -> list[tuple[FunctionType, CodeType]]:
    """Find the functions that a mutation changes, with their other code; none if that is none."""
    name = str(mutation.module)
    source = compile(mutation.module.read_text("utf-8"), name, "exec", dont_inherit=True)
    pairs = zip(_functions(source), _functions(mutation.code), strict=True)
    changed = [(old, new) for old, new in pairs if old != new]
    found = [
        (it, new)
        for it in gc.get_objects()
        if type(it) is FunctionType and it.__code__.co_filename == name
        for old, new in changed
        if it.__code__ == old
    ]
    fits = all(len(it.__code__.co_freevars) == len(new.co_freevars) for it, new in found)
    return found if fits else []


def _functions(code: CodeType) -> Iterator[CodeType]:
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            is_function = inner.co_flags & _FUNCTION == _FUNCTION
            yield from [inner] if is_function else _functions(inner)


class _InsteadOfRunning:
    """A pytest plug-in that does something else with the tests; `result` is what that gives."""

    def __init__(self, work: Callable[[pytest.Session], Any]) -> None:
        self._work = work
        self.result: Any = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if not session.testsfailed:
            self.result = self._work(session)
        return True


def _with_tests(folders: Sequence[str], work: Callable[[pytest.Session], Any]) -> Any:
    """Collect the tests of folders and do something with them; none where that goes wrong."""
    LOG.parent.mkdir(exist_ok=True)
    with LOG.open("ab") as log:
        for stream in (1, 2):
            os.dup2(log.fileno(), stream)
    os.environ["HYPOTHESIS_PROFILE"] = "mutants"
    instead = _InsteadOfRunning(work)
    pytest.main([*_ARGUMENTS, *folders], plugins=[instead])
    return instead.result


def _pass(session: pytest.Session, items: Sequence[pytest.Item]) -> bool:
    """Run tests until one fails; tell whether all of them passed."""
    for item, following in zip(items, [*items[1:], None], strict=True):
        session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            return False
    return True


def _told(work: Callable[[], Any]) -> Any:
    """Do it in a fork of this process; give what it gives, as JSON keeps it."""
    with TemporaryFile("w+") as answer:

        def tell() -> bool:
            json.dump(work(), answer)
            answer.flush()
            return True

        if not _is_true(tell):
            raise RuntimeError(f"the tests cannot be run: {LOG}")
        answer.seek(0)
        return json.load(answer)


def _is_true(work: Callable[[], bool], most_seconds: int = 0) -> bool:
    """Do it in a fork of this process, for at most so much processor time, 0 for any."""
    if child := os.fork():
        return os.waitpid(child, 0)[1] == 0
    try:
        if most_seconds:
            resource.setrlimit(resource.RLIMIT_CPU, (most_seconds, most_seconds))
            signal.alarm(60 + 5 * most_seconds)  # ends what waits, too
        os._exit(not work())
    except BaseException:
        traceback.print_exc()
        os._exit(1)
