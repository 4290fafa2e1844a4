"""One input, run and judged: may this be raised, is a secret shown, did it take too long."""

from __future__ import annotations

import io
import signal
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from types import FrameType

from fuzzing.target import FuzzTarget


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What an input came to: `fault` says what must not be, none where all is well."""

    outcome: str
    fault: str | None


class _EndlessError(BaseException):
    """The input still runs when nobody waits any more; no `except Exception` stops this."""


def observe(target: FuzzTarget, data: bytes) -> Observation:
    """Run a target on an input. What is too slow is run again, for the machine may be busy."""
    seen, seconds = _run(target, data)
    allowed = target.seconds + target.seconds_per_byte * len(data)
    if seen.fault is None and seconds > allowed:
        again = min(_run(target, data)[1] for _ in range(2))
        if min(seconds, again) > allowed:
            fault = f"takes {min(seconds, again):.1f} s for {len(data)} bytes"
            return Observation(outcome=seen.outcome, fault=fault)
    return seen


def _run(target: FuzzTarget, data: bytes) -> tuple[Observation, float]:
    written = io.StringIO()
    fault: str | None = None
    started = time.process_time()
    try:
        with redirect_stdout(written), redirect_stderr(written), _ended(target.endless_seconds):
            outcome = target.run(data)
    except target.documented as error:
        outcome = _everything_about(error)
    except _EndlessError:
        outcome, fault = "", f"takes over {target.endless_seconds:g} s"
    except Exception as error:
        outcome = type(error).__qualname__
        fault = f"raises {outcome} at {_place(error)}"
    seconds = time.process_time() - started
    if fault is None:
        shown = outcome + written.getvalue()
        if any(secret in shown for secret in target.secrets(data)):
            fault = f"shows a secret in: {shown[:100]}"
    return Observation(outcome=outcome, fault=fault), seconds


@contextmanager
def _ended(seconds: float) -> Iterator[None]:
    """Interrupt what takes for ever, by this process's own processor time."""
    signal.signal(signal.SIGVTALRM, _interrupt)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise _EndlessError


def _everything_about(error: BaseException) -> str:
    """Give all that a careless log could show of an error, of what caused it too."""
    around = (error.__cause__, error.__context__)
    texts = [str(error), repr(error), *(_everything_about(it) for it in around if it)]
    return " ".join([type(error).__qualname__, *texts])


def _place(error: Exception) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{'/'.join(frame.filename.split('/')[-2:])}:{frame.lineno}"
