"""Take a message into the queue, so that mParticle need not wait for its delivery."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from endpoint.failures import Failure, Overflowed, QueueError, process
from endpoint.families import family_of
from endpoint.log import RequestLog, account_id
from endpoint.metrics import Metric
from endpoint.settings import Settings
from firehose import MessageProcessor, Request, Response, decode

if TYPE_CHECKING:
    from endpoint.overflow import Overflow
    from endpoint.queue import MessageQueue

LARGEST_BYTES = 1_047_552
"""1 MiB, the most that SQS takes, less 1 KiB for a message's attributes. mParticle's own batches
have at most a quarter of that."""


class Acceptance:
    """The queue, the message families that go through it, and those that overflow into it."""

    def __init__(
        self,
        queue: MessageQueue,
        *,
        queued: Collection[str] = (),
        overflowing: Collection[str] = (),
        overflow: Overflow | None = None,
    ) -> None:
        self._queue = queue
        self._queued = queued
        self._overflowing = overflowing if overflow else ()
        self._overflow = overflow

    def accept(
        self,
        integration: MessageProcessor,
        request: Request,
        content: bytes | dict[str, Any],
        log: RequestLog,
    ) -> Response | Failure | None:
        """Store the message as it came, or let the integration work, as its family wants.

        None means that it is stored, and logged. What SQS cannot hold is inline
        without a budget. Raises `QueueError` when it should be stored and cannot.
        """
        family = family_of(request)
        if family not in self._queued and family not in self._overflowing:
            return process(integration, request)
        body = _text(request, content)
        if body is None or len(body.encode()) > LARGEST_BYTES:
            return process(integration, request)
        if family in self._queued or self._overflow is None:
            self._store(request, body, log, "accepted")
            return None
        outcome = self._overflow.process(integration, request)
        if not isinstance(outcome, Overflowed):
            return outcome
        why: Metric = "overflowed" if outcome.begun else "diverted"
        self._store(request, body, log, why, because=outcome)
        return None

    def _store(
        self,
        request: Request,
        body: str,
        log: RequestLog,
        outcome: Metric,
        *,
        because: Failure | None = None,
    ) -> None:
        try:
            self._queue.send(body, group=str(account_id(request) or "none"))
        except QueueError as error:
            log.write("failed", error=f"QueueError: {error}")
            raise
        log.write(
            outcome,
            error=because.error if because else None,
            where=because.where or None if because else None,
        )


def _text(request: Request, content: bytes | dict[str, Any]) -> str | None:
    """Give JSON that SQS holds and from which the worker reads the same request; none if none is.

    What came as UTF-8 is that JSON. What Lambda parsed may hold an infinity, which is how `1e400`
    is parsed, and has to be written again, so it is read back.
    """
    try:
        if isinstance(content, dict):
            # in ASCII there is no character that SQS refuses
            text = json.dumps(content, separators=(",", ":"))
            return text if type(decode(text.encode())) is type(request) else None
        text = content.decode()
    except (ValueError, RecursionError):
        return None
    if "\0" in text:  # UTF-16 or UTF-32, of which the worker would not know
        return None
    # the two characters that JSON allows and SQS does not
    return text.replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")


def acceptance_from(settings: Settings, environment: Mapping[str, str]) -> Acceptance | None:
    """Connect to the queue that the settings name; none where nothing can come to it."""
    if not settings.uses_queue:
        return None
    from endpoint.queue import queue_at  # noqa: PLC0415 - mParticle waits for what this loads

    return Acceptance(
        queue_at(settings.queue_url, environment),
        queued=settings.queued,
        overflowing=settings.overflowing,
        overflow=overflow_from(settings),
    )


def overflow_from(settings: Settings) -> Overflow | None:
    """Make what limits inline work, if some family has a limit."""
    if not settings.overflowing:
        return None
    from endpoint.overflow import Overflow  # noqa: PLC0415 - see above
    from endpoint.threads import SystemThreads  # noqa: PLC0415

    return Overflow(budget_seconds=settings.overflow_ms / 1000, threads=SystemThreads())
