"""One JSON line for each message, with nothing in it that a customer or a user entered.

The line of a message that went through the queue is also a metric, in CloudWatch's embedded
metric format: docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring, Embedded Metric Format.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Literal, get_args

import msgspec

from firehose import Request

METRIC_NAMESPACE = "Firehose"
METRIC_DIMENSION = "function"
"""Every metric is of one function, by its name."""

Metric = Literal[
    "accepted", "overflowed", "diverted", "delivered", "retried", "held", "rejected", "dead"
]
Outcome = Literal["answered", "suspended", "refused", "failed", "late"] | Metric

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
_METRICS: frozenset[Outcome] = frozenset(get_args(Metric))
_STORED: frozenset[Outcome] = frozenset({"overflowed", "diverted"})
"""Ways of being accepted, which count as such, too."""


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
    counts the tries of a message from the queue.
    """

    def __init__(self) -> None:
        self.message_type: str | None = None
        self.message_id: str | None = None
        self.account_id: int | None = None
        self.attempt: int | None = None
        self._started = time.perf_counter()

    def about(self, request: Request) -> None:
        """Note which message this is."""
        self.message_type, self.message_id = request.type, request.id
        self.account_id = account_id(request)

    def write(
        self, outcome: Outcome, *, error: str | None = None, where: str | None = None
    ) -> None:
        """Write the line to standard output, where Lambda collects it.

        `error` and `where` name classes and places, never values.
        """
        now = datetime.now(UTC)
        line = _Line(
            level=_LEVELS[outcome],
            timestamp=now.isoformat(timespec="milliseconds"),
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
        if outcome in _METRICS:
            names = (outcome, "accepted") if outcome in _STORED else (outcome,)
            content |= _metrics(names, int(now.timestamp() * 1000))
        # one call, so that the lines of messages handled in parallel do not mix
        sys.stdout.write(f"{msgspec.json.encode(content).decode()}\n")


def account_id(request: Request) -> int | None:
    """Give mParticle's number of the subscription; a registration request has none."""
    account = getattr(request, "account", None)
    return account.account_id if account else None


def _metrics(names: Sequence[str], timestamp_ms: int) -> dict[str, Any]:
    definition = {
        "Namespace": METRIC_NAMESPACE,
        "Dimensions": [[METRIC_DIMENSION]],
        "Metrics": [{"Name": name, "Unit": "Count"} for name in names],
    }
    return {
        "_aws": {"Timestamp": timestamp_ms, "CloudWatchMetrics": [definition]},
        METRIC_DIMENSION: os.environ.get("AWS_LAMBDA_FUNCTION_NAME", ""),
        **dict.fromkeys(names, 1),
    }
