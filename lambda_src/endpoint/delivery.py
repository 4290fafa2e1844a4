"""One queued message: to the integration, and where it goes when that fails."""

from __future__ import annotations

from contextlib import suppress
from typing import TypedDict, Unpack
from uuid import uuid4

import msgspec

from endpoint.answering import read
from endpoint.backoff import Spread, by_chance, wait_seconds
from endpoint.deduplication import DeliveredMessages
from endpoint.failures import Failure, QueueError, process
from endpoint.log import RequestLog
from endpoint.metrics import Metric, Tally
from endpoint.queue import MessageQueue
from endpoint.queued_message import QueuedMessage
from firehose import InvalidMessage, MessageProcessor

_APART_SECONDS = (1, 10)
"""How long suspects wait that must not come together again."""


class TryResult(msgspec.Struct, frozen=True, kw_only=True):
    """What a try has come to; nothing has been done about it yet.

    `error` and `where` are safe in a log and as the reason of a dead letter. `failed` is what it
    says about the partner's API: none where nobody called it (`called`).
    """

    outcome: Metric
    log: RequestLog
    error: str | None = None
    where: str | None = None
    retry_after_seconds: float | None = None
    called: bool = True

    @property
    def failed(self) -> bool | None:
        """Whether the partner's API failed; what it refuses for good, it has answered."""
        return self.outcome == "retried" if self.called and self.outcome != "dead" else None


class Properties(TypedDict, total=False):
    """What a copy of a message carries, as `MessageQueue.send` takes it."""

    attempt: int
    breakdowns: int | None
    delay_seconds: int
    reason: str | None


class Delivery:
    """Tries messages and settles what becomes of each, perhaps in several threads.

    A message that fails for now is replaced by a copy that waits, until it was tried `attempts`
    times. A worker that broke down `max_breakdowns` times over a message alone gives it up, too.
    What is `known` as delivered is not delivered again. `tally` counts what becomes of a batch.
    """

    def __init__(
        self,
        integration: MessageProcessor,
        *,
        queue: MessageQueue,
        dead_letters: MessageQueue,
        attempts: int,
        max_breakdowns: int,
        spread: Spread = by_chance,
        known: DeliveredMessages | None = None,
    ) -> None:
        self._integration = integration
        self._queue = queue
        self._dead_letters = dead_letters
        self._attempts = attempts
        self._max_breakdowns = max_breakdowns
        self._spread = spread
        self._known = known
        self.tally = Tally()

    def log_of(self, message: QueuedMessage) -> RequestLog:
        """Begin the line of a message, of which no more is known yet than its try."""
        log = RequestLog(self.tally)
        log.attempt = message.attempt
        return log

    def attempt(self, message: QueuedMessage) -> TryResult:
        """Try a message once. Touches no queue, so what it finds may come too late."""
        log = self.log_of(message)
        if message.breakdowns >= self._max_breakdowns:
            reason = f"the worker broke down over it {message.breakdowns} times"
            return TryResult(outcome="dead", log=log, error=reason)
        try:
            request = read(message.body.encode())
        except InvalidMessage as error:
            log.message_type, log.message_id = error.message_type, error.message_id
            reason = f"InvalidMessage: {error.reason}"
            return TryResult(outcome="dead", log=log, error=reason, where=error.path)
        log.about(request)
        this_try = uuid4().hex
        claim = self._known.claim(request.id, by=this_try) if self._known else None
        if claim == "delivered":
            return TryResult(outcome="delivered", log=log, called=False)
        if self._known and claim == "at work":
            wait = self._known.claim_seconds
            return TryResult(
                outcome="retried", log=log, error=claim, retry_after_seconds=wait, called=False
            )
        outcome = process(self._integration, request)
        if not isinstance(outcome, Failure):
            if self._known:
                self._known.delivered(request.id)
            return TryResult(outcome="delivered", log=log)
        if self._known:
            self._known.failed(request.id, by=this_try)
        return TryResult(
            outcome="rejected" if outcome.lasts else "retried",
            log=log,
            error=outcome.error,
            where=outcome.where,
            retry_after_seconds=outcome.retry_after_seconds,
        )

    def settle(self, message: QueuedMessage, result: TryResult) -> bool:
        """Do what a try has come to; tell whether the message can leave the queue.

        If SQS fails it stays, and comes again when its visibility ends.
        """
        outcome, reason = result.outcome, result.error
        if outcome == "retried" and message.attempt >= self._attempts:
            outcome, reason = "dead", f"{reason}, after {message.attempt} attempts"
        try:
            if outcome == "retried":
                wait = result.retry_after_seconds
                seconds = wait_seconds(message.attempt, wait, spread=self._spread)
                self._renew(message, tries=message.attempt, delay_seconds=seconds)
            elif outcome != "delivered":
                self._move(message, self._dead_letters, reason=reason)
        except QueueError as error:
            text = f"QueueError: {error}"
            result.log.write("retried", error=f"{reason}, then {text}", where=result.where)
            return False
        result.log.write(outcome, error=reason, where=result.where)
        return True

    def set_aside(self, message: QueuedMessage) -> bool:
        """Replace a message that was not tried by a copy; tell whether that was stored.

        The copy of a suspect waits a little, so that suspects do not come together again.
        """
        seconds = round(self._spread(*_APART_SECONDS)) if message.is_suspect else 0
        try:
            self._renew(message, tries=message.tries, delay_seconds=seconds)
        except QueueError as error:
            self.log_of(message).write("retried", error=f"QueueError: {error}")
            return False
        return True

    def _renew(self, message: QueuedMessage, *, tries: int, delay_seconds: int) -> None:
        self._move(
            message,
            self._queue,
            attempt=tries,
            breakdowns=message.breakdowns if message.is_suspect else None,
            delay_seconds=delay_seconds,
        )

    def _move(
        self, message: QueuedMessage, queue: MessageQueue, **properties: Unpack[Properties]
    ) -> None:
        """Store a message, then take the original out, so that no end of the worker brings it back.

        If the latter fails, Lambda takes it out when the batch is reported.
        """
        queue.send(message.body, group=message.group, **properties)
        with suppress(QueueError):
            self._queue.delete(message.receipt)
