"""The border between the product and the partner whose repository this is.

The product's tests run by a deployment of their own and never open what belongs to the partner, so
that they say the same in every partner's repository. The partner's own tests run by what is theirs.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Generator
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from plan.names import DEPLOYMENT_VARIABLE
from tests.running import ROOT

PACKAGES = ("acme", "endpoint", "firehose", "partner_http")
"""The product's own in lambda_src; every other is a partner's."""
DEPLOYMENT = ROOT / "tests" / "fixtures" / "deployment.toml"
"""The deployment of the product's tests: the one that is shipped."""

_FILES = tuple(
    str(ROOT / name) for name in ("deployment.toml", "deployment.limits.toml", "logo.svg")
)
_SHARED = frozenset(str(folder) for folder in (ROOT, ROOT / "lambda_src", ROOT / "tests"))
"""Folders in which files of both lie."""


class BorderCrossed(Exception):  # noqa: N818 - it says what happened
    """A test of the product opens a file of the partner's, or may meet one and does not say so."""


@cache
def partners() -> tuple[str, ...]:
    """Name the partner's integrations: packages of lambda_src that are not the product's."""
    folders = (it for it in (ROOT / "lambda_src").iterdir() if (it / "__init__.py").is_file())
    return tuple(sorted({it.name for it in folders} - set(PACKAGES)))


def is_partners(file: Path) -> bool:
    """Tell whether a file belongs to the partner whose repository this is."""
    inner = file.relative_to(ROOT).parts if file.is_relative_to(ROOT) else ()
    if len(inner) > 2 and inner[0] in {"lambda_src", "tests"}:
        return inner[1] in partners()
    return str(file) in _FILES


def copy_packages(folder: Path) -> Path:
    """Copy the product's own part of lambda_src there; give its place."""
    copied = folder / "lambda_src"
    for name in PACKAGES:
        shutil.copytree(
            ROOT / "lambda_src" / name,
            copied / name,
            dirs_exist_ok=True,
            ignore=shutil.ignore_patterns("__pycache__"),
        )
    for name in ("requirements.in", "requirements.txt"):
        shutil.copy(ROOT / "lambda_src" / name, copied)
    return copied


class Border:
    """A pytest plug-in: who a test belongs to decides its deployment, and what it may open.

    What a test finds depends on whose repository it is if it lists a folder in which files of both
    lie, or starts a process there. Such a test is marked `border`, and only those are run again in
    a partner's repository (tests/test_partners_repository.py): none of the embedded AWS or of the
    rehearsal, which begin with files of their own.
    """

    def __init__(self) -> None:
        self._guarded: tuple[str, ...] = ()
        self._may_meet = True
        theirs = partners()
        self._theirs = tuple(ROOT / "tests" / name for name in theirs)
        self._closed = (
            *_FILES,
            *(
                f"{ROOT / folder / name}{os.sep}"
                for folder in ("lambda_src", "tests")
                for name in theirs
            ),
        )
        sys.addaudithook(self._watch)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Run a test on its side of the border."""
        if any(item.path.is_relative_to(folder) for folder in self._theirs):
            return (yield)
        before = os.environ.get(DEPLOYMENT_VARIABLE)
        os.environ[DEPLOYMENT_VARIABLE] = str(DEPLOYMENT)
        self._guarded = self._closed
        self._may_meet = _may_meet(item)
        try:
            return (yield)
        finally:
            self._guarded = ()
            os.environ.pop(DEPLOYMENT_VARIABLE, None)
            if before is not None:
                os.environ[DEPLOYMENT_VARIABLE] = before

    def _watch(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self._guarded:
            return
        if event == "open":
            self._open(*arguments[:2])
        elif event in {"os.listdir", "os.scandir"} and not self._may_meet:
            if not _imports(sys._getframe(1)):
                self._meet(arguments[0], "lists")
        elif event == "subprocess.Popen" and not self._may_meet:
            self._meet(arguments[2], "starts a process in")

    def _open(self, name: object, mode: object) -> None:
        if not isinstance(name, str):
            return
        if mode is None and not os.path.isabs(name):  # noqa: PTH117 - as below
            return  # of os.open, whose relative name may be of another folder: shutil.rmtree
        file = os.path.abspath(name)  # noqa: PTH100 - called at every open, so cheap
        if file.startswith(self._guarded):
            raise BorderCrossed(f"{file} is the partner's; use what is in tests/fixtures")

    def _meet(self, place: object, how: str) -> None:
        if isinstance(place, str | os.PathLike) and os.path.abspath(place) in _SHARED:  # noqa: PTH100
            raise BorderCrossed(
                f"this test {how} {place}, where a partner's files lie; mark it"
                " `pytest.mark.border`, which runs it in a partner's repository, too"
            )


def _may_meet(item: pytest.Item) -> bool:
    marked = any(item.get_closest_marker(name) for name in ("border", "rehearsal"))
    return marked or item.path.is_relative_to(ROOT / "tests" / "local")


def _imports(frame: FrameType) -> bool:
    """Whether it is Python that lists a folder, in search of a module or a distribution."""
    return "importlib" in frame.f_code.co_filename
