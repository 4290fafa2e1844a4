"""How long the work on a message may take: whoever calls an integration says it, hooks ask."""

from __future__ import annotations

import math
import time
from contextvars import ContextVar, Token

_deadline: ContextVar[float] = ContextVar("deadline", default=math.inf)


def remaining_seconds() -> float:
    """Return how long the call that this code runs in may still last; not above 0, it is over.

    Infinite where nothing limits it, as in a test. Keep some of it for answering. A thread of your
    own knows no limit: pass it on.
    """
    return _deadline.get() - time.monotonic()


class TimeLimit:
    """Limits what runs inside a `with` block of this thread to so many seconds from now on.

    It interrupts nothing: `remaining_seconds` tells those who ask.
    """

    __slots__ = ("_before", "_deadline")

    _before: Token[float]

    def __init__(self, seconds: float) -> None:
        self._deadline = time.monotonic() + seconds

    def __enter__(self) -> None:
        # An outer limit that ends sooner stays.
        self._before = _deadline.set(min(self._deadline, _deadline.get()))

    def __exit__(self, *_: object) -> None:
        _deadline.reset(self._before)
