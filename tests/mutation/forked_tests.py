"""Tests in forks of this process, in place of pytest's own loop: any of them, in any order."""

from __future__ import annotations

import json
import os
import resource
import signal
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import pytest

LOG = Path("build/mutation.log")
"""What pytest writes."""
_ARGUMENTS = (
    *("-qq", "-m", "not rehearsal", "--assert=plain"),
    *("-p", "no:randomly", "-p", "no:cacheprovider"),
)
_MOST_SECONDS = 60
"""What no test takes, nor the import of all."""


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


def with_tests(folders: Sequence[str], work: Callable[[pytest.Session], Any]) -> Any:
    """Collect the tests of folders and do something with them; none where that goes wrong."""
    LOG.parent.mkdir(exist_ok=True)
    with LOG.open("ab") as log:
        for stream in (1, 2):
            os.dup2(log.fileno(), stream)
    os.environ["HYPOTHESIS_PROFILE"] = "mutants"
    instead = _InsteadOfRunning(work)
    pytest.main([*_ARGUMENTS, *folders], plugins=[instead])
    return instead.result


def passing(session: pytest.Session, items: Sequence[pytest.Item]) -> bool:
    """Run tests until one fails; tell whether all of them passed. What waits for ever is ended."""
    for item, following in zip(items, [*items[1:], None], strict=True):
        signal.alarm(_MOST_SECONDS)
        session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            return False
    return True


def told(work: Callable[[], Any]) -> Any:
    """Do it in a fork of this process; give what it gives, as JSON keeps it."""
    with TemporaryFile("w+") as answer:

        def tell() -> bool:
            json.dump(work(), answer)
            answer.flush()
            return True

        if not is_true(tell):
            raise RuntimeError(f"the tests cannot be run: {LOG}")
        answer.seek(0)
        return json.load(answer)


def is_true(work: Callable[[], bool], most_seconds: int = 0) -> bool:
    """Do it in a fork of this process, for at most so much processor time, 0 for any."""
    if child := os.fork():
        return os.waitpid(child, 0)[1] == 0
    try:
        if most_seconds:
            resource.setrlimit(resource.RLIMIT_CPU, (most_seconds, most_seconds))
            signal.alarm(_MOST_SECONDS)
        os._exit(not work())
    except BaseException:
        traceback.print_exc()
        os._exit(1)
