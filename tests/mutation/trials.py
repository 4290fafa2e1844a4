"""Run the tests that touch a line against a mutation of it, in a process of its own.

A mutation of what only tests run is put in place in a fork of a process that has collected them, as
other code of the same function; one of what the module's import runs needs a process that imports
it anew. So does every mutation of the stacks: forks of one process would share its jsii, which
answers one of them.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from importlib.machinery import SourceFileLoader
from types import CodeType, FunctionType
from typing import Any

import pytest

from tests.mutation.forked_tests import is_true, passing, told, with_tests
from tests.mutation.measured_tests import IMPORT, MeasuredTests
from tests.mutation.mutations import Mutation

_FUNCTION = 3
"""Flags of code that has local variables: a function's, not a module's or a class's."""
_progress = os.fdopen(os.dup(2), "w", buffering=1)


def survivors(mutations: Sequence[Mutation], tests: MeasuredTests) -> list[Mutation]:
    """Give the mutations of one module that no test notices."""

    def in_place(session: pytest.Session) -> list[bool | None]:
        return [_survives_in_place(it, tests, session) for it in _shown(mutations)]

    if tests.first:
        return [it for it in _shown(mutations) if _survives_import(it, tests)]
    survive = told(lambda: with_tests(tests.folders, in_place))
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
    functions = [] if IMPORT in touching else _changed(mutation)
    if not functions:
        return None

    def passes() -> bool:
        for function, code in functions:
            function.__code__ = code
        items = [it for it in session.items if it.nodeid in touching]
        return passing(session, sorted(items, key=lambda it: tests.seconds[it.nodeid]))

    return is_true(passes, tests.most_seconds(touching))


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
        return with_tests(files, lambda it: passing(it, sorted(it.items, key=rank))) is True

    most = tests.most_seconds(tests.seconds)
    files = [tests.first] if tests.first else _files(touching - {IMPORT})
    return all(is_true(partial(passes, it), most) for it in (files, tests.folders) if it)


def _files(tests: Iterable[str]) -> list[str]:
    return sorted({it.partition("::")[0] for it in tests})


def _changed(mutation: Mutation) -> list[tuple[FunctionType, CodeType]]:
    """Find the functions that a mutation changes, with their other code; none if that is none."""
    name = str(mutation.module)
    source = compile(mutation.module.read_text("utf-8"), name, "exec", dont_inherit=True)
    gc.unfreeze()  # what tests/conftest.py freezes is not among the objects
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
