"""One JSON line for each request, with nothing in it that a customer or a user entered."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from typing import Literal

import msgspec

Outcome = Literal["answered", "suspended", "refused", "failed"]

_LEVELS: dict[Outcome, str] = {
    "answered": "INFO",
    "suspended": "WARN",
    "refused": "ERROR",
    "failed": "ERROR",
}


class _Line(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    level: str
    timestamp: str
    outcome: Outcome
    duration_ms: float
    message_type: str | None = None
    message_id: str | None = None
    account_id: int | None = None
    error: str | None = None
    where: str | None = None


class RequestLog:
    """The line of one request, timed from its making; whoever learns a fact sets it.

    `account_id` is mParticle's number of the customer's subscription, not a person's.
    """

    def __init__(self) -> None:
        self.message_type: str | None = None
        self.message_id: str | None = None
        self.account_id: int | None = None
        self._started = time.perf_counter()

    def write(
        self, outcome: Outcome, *, error: str | None = None, where: str | None = None
    ) -> None:
        """Write the line to standard output, where Lambda collects it.

        `error` and `where` name classes and places, never values.
        """
        line = _Line(
            level=_LEVELS[outcome],
            timestamp=datetime.now(UTC).isoformat(timespec="milliseconds"),
            outcome=outcome,
            duration_ms=round((time.perf_counter() - self._started) * 1000, 3),
            message_type=self.message_type,
            message_id=self.message_id,
            account_id=self.account_id,
            error=error,
            where=where,
        )
        sys.stdout.write(f"{msgspec.json.encode(line).decode()}\n")
