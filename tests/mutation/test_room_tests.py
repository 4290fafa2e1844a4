"""Which mutations the tests of a room notice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mutation.mutations import mutations
from tests.mutation.room_tests import RoomTests, measured

MODULE = """\
def double(number):
    return number * 2

def unseen(number):
    return number + 1
"""
TESTS = """\
from doubling import double, unseen

def test_double():
    assert double(3) == 6

def test_nothing():
    unseen(3)
"""


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a module and its tests; be in a folder where the log may lie."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "test_doubling.py").write_text(TESTS)
    module = tmp_path / "doubling.py"
    module.write_text(MODULE)
    return module


@pytest.fixture
def tests(module: Path) -> RoomTests:
    return measured([str(module.parent)], [module])


def test_line_is_known_with_the_tests_that_run_it(tests: RoomTests, module: Path) -> None:
    lines = tests.lines[str(module)]

    assert lines[2] == ["test_doubling.py::test_double"]
    assert lines[5] == ["test_doubling.py::test_nothing"]
    assert [*tests.seconds] == [*lines[2], *lines[5]]


def test_mutation_is_noticed_if_a_test_looks_at_what_it_changes(
    tests: RoomTests, module: Path
) -> None:
    noticed = {
        (it.line, it.change): tests.notice(it)
        for it in mutations(module)
        if it.change == "returns None"
    }

    assert noticed == {(2, "returns None"): True, (5, "returns None"): False}
