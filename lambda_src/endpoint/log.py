"""One JSON line for each message, with nothing in it that a customer or a user entered.

The line of a message that went through the queue is also a metric (`endpoint.metrics`). Of good
answers only some lines are written (`endpoint.sampling`), but each is counted.
"""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Literal, TypeAlias, get_args

import msgspec

from endpoint.metrics import Metric, Tally, embedded, write_line
from endpoint.sampling import SAMPLE_VARIABLE, TRACED_VARIABLE, Sampling
from firehose import Request

Outcome: TypeAlias = Literal["answered", "suspended", "refused", "failed", "late"] | Metric

_LEVELS: dict[Outcome, str] = {
    "answered": "INFO",
    "accepted": "INFO",
    "overflowed": "WARN",
    "diverted": "WARN",
    "delivered": "INFO",
    "suspended": "WARN",
    "retried": "WARN",
    "held": "WARN",
    "refused": "ERROR",
    "failed": "ERROR",
    "late": "WARN",
    "rejected": "ERROR",
    "dead": "ERROR",
}
_GOOD: frozenset[Outcome] = frozenset({"answered", "accepted", "delivered"})
"""Nothing went wrong, so a sample of the lines will do."""
_METRICS: dict[Outcome, tuple[Metric, ...]] = {name: (name,) for name in get_args(Metric)} | {
    "overflowed": ("overflowed", "accepted"),
    "diverted": ("diverted", "accepted"),
}
"""What an outcome counts as: these two are ways of being accepted."""


class _Line(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    level: str
    timestamp: str
    outcome: Outcome
    duration_ms: float
    message_type: str | None = None
    message_id: str | None = None
    account_id: int | None = None
    attempt: int | None = None
    error: str | None = None
    where: str | None = None


class RequestLog:
    """The line of one message, timed from its making; whoever learns a fact sets it.

    `account_id` is mParticle's number of the customer's subscription, not a person's. `attempt`
    counts the tries of a message from the queue, `tally` what became of a batch.
    """

    def __init__(self, tally: Tally | None = None) -> None:
        self.message_type: str | None = None
        self.message_id: str | None = None
        self.account_id: int | None = None
        self.attempt: int | None = None
        self._tally = tally
        self._started = time.perf_counter()

    def about(self, request: Request) -> None:
        """Note which message this is."""
        self.message_type, self.message_id = request.type, request.id
        self.account_id = account_id(request)

    def write(
        self, outcome: Outcome, *, error: str | None = None, where: str | None = None
    ) -> None:
        """Write the line, unless nothing went wrong and it is none of the sample, and count it.

        `error` and `where` name classes and places, never values.
        """
        content: dict[str, Any] = {}
        if outcome not in _GOOD or _sampling().keeps(self.message_id, self.account_id):
            content = self._line(outcome, error, where)
        names = _METRICS.get(outcome)
        if names and not (self._tally and self._tally.add(names)):
            content |= embedded(dict.fromkeys(names, 1))
        if content:
            write_line(content)

    def _line(self, outcome: Outcome, error: str | None, where: str | None) -> dict[str, Any]:
        line = _Line(
            level=_LEVELS[outcome],
            timestamp=datetime.now(UTC).isoformat(timespec="milliseconds"),
            outcome=outcome,
            duration_ms=round((time.perf_counter() - self._started) * 1000, 3),
            message_type=self.message_type,
            message_id=self.message_id,
            account_id=self.account_id,
            attempt=self.attempt,
            error=error,
            where=where,
        )
        content: dict[str, Any] = msgspec.to_builtins(line)
        return content


def account_id(request: Request) -> int | None:
    """Give mParticle's number of the subscription; a registration request has none."""
    account = getattr(request, "account", None)
    return account.account_id if account else None


def _sampling() -> Sampling:
    return _sampling_of(os.environ.get(SAMPLE_VARIABLE), os.environ.get(TRACED_VARIABLE))


@lru_cache(maxsize=1)
def _sampling_of(share: str | None, traced: str | None) -> Sampling:
    """Read the variables of the process once, for they stay as they are."""
    given = {SAMPLE_VARIABLE: share, TRACED_VARIABLE: traced}
    return Sampling.from_environment({name: it for name, it in given.items() if it is not None})
