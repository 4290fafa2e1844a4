"""The function's environment in this process: its variables, its log, its code freshly loaded."""

from __future__ import annotations

import io
import logging
import os
import re
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from contextvars import ContextVar
from itertools import islice
from types import ModuleType

from plan.region_plan import RegionPlan

ORIGIN = re.compile(
    r"(?P<scheme>https?://)(?:[^/?#\s,;\"']*@)?(?P<host>[^/?#\s,;\"'@]+)", re.IGNORECASE
)
"""The beginning of a URL, with the user and password that it may have: never shown."""
# What a program needs of its machine. All else stays out, credentials above all: the function in
# Lambda would not have it either.
_KEPT = ("PATH", "HOME", "LANG", "TZ", "TMPDIR", "VIRTUAL_ENV")
_KEPT_PREFIXES = ("LC_", "PYTHON", "PYTEST_", "COVERAGE_")


_hearing: ContextVar[Callable[[str], None] | None] = ContextVar("hearing", default=None)


class FunctionLog(io.TextIOBase):
    """What the function writes to stdout and stderr; Lambda would put it into its log group.

    The last 100,000 lines are kept. Several threads may write.
    """

    def __init__(self) -> None:
        self._lines: deque[str] = deque(maxlen=100_000)
        self._begun = ""
        self._ended = 0
        self._lock = threading.Lock()

    @property
    def lines(self) -> list[str]:
        """Every line, without line ends; the last may go on."""
        return self.since(0)

    @property
    def mark(self) -> int:
        """How many lines have ended, for `since`."""
        return self._ended

    def since(self, mark: int) -> list[str]:
        """Give the lines that ended after a mark, and the one that was begun."""
        with self._lock:
            skipped = max(0, len(self._lines) - (self._ended - mark))
            lines = list(islice(self._lines, skipped, None))
            return [*lines, self._begun] if self._begun else lines

    def writable(self) -> bool:
        """Say that this stream is for writing."""
        return True

    def write(self, text: str) -> int:
        """Keep a text."""
        with self._lock:
            *ended, self._begun = (self._begun + text).split("\n")
            self._lines.extend(ended)
            self._ended += len(ended)
        if heard := _hearing.get():
            heard(text)
        return len(text)


@contextmanager
def heard_by(listener: Callable[[str], None]) -> Iterator[None]:
    """Let a listener hear, too, what the code in a block writes, in threads that inherit it."""
    token = _hearing.set(listener)
    try:
        yield
    finally:
        _hearing.reset(token)


def led_to(url: str, environment: Mapping[str, str]) -> dict[str, str]:
    """Put another origin in place of that of every http(s) URL in the values; paths stay."""
    return {name: ORIGIN.sub(url, value) for name, value in environment.items()}


def told_by_lambda(plan: RegionPlan) -> dict[str, str]:
    """Give the variables in which Lambda says which function this is, and where."""
    return {
        "AWS_REGION": plan.region,
        "AWS_DEFAULT_REGION": plan.region,
        "AWS_LAMBDA_FUNCTION_NAME": plan.function.name,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(plan.function.memory_mb),
        "AWS_EC2_METADATA_DISABLED": "true",  # else an AWS client looks for credentials there
    }


@contextmanager
def other_environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Let this process and all it starts see these variables alone, for the length of a block."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def function_environment(variables: Mapping[str, str], *, module: str) -> Iterator[FunctionLog]:
    """Run a block as if in the function; afterwards everything is as it was.

    The block sees the `variables` and nothing of the shell's beyond what a program needs of its
    machine. `module` and what is below it are imported anew, for code that reads its environment
    while it is loaded. Output and `logging` of the block go to the log that this gives.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in _KEPT or name.startswith(_KEPT_PREFIXES)
    }
    loaded = _forget(module)
    log = FunctionLog()
    logs = logging.StreamHandler(log)  # on the root logger, where Lambda's runtime has its own
    logging.getLogger().addHandler(logs)
    try:
        with other_environment({**kept, **variables}), redirect_stdout(log), redirect_stderr(log):
            yield log
    finally:
        logging.getLogger().removeHandler(logs)
        _forget(module)
        sys.modules.update(loaded)


def _forget(module: str) -> dict[str, ModuleType]:
    names = [name for name in sys.modules if name == module or name.startswith(f"{module}.")]
    return {name: sys.modules.pop(name) for name in names}
