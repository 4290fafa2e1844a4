"""One queued message: to the integration, and where it goes when that fails."""

from __future__ import annotations

from typing import Any

import msgspec

from endpoint.answering import read
from endpoint.backoff import LONGEST_HIDDEN_SECONDS, wait_seconds
from endpoint.failures import Failure, QueueError, process
from endpoint.log import Metric, RequestLog
from endpoint.queue import ATTEMPT_ATTRIBUTE, MessageQueue
from firehose import InvalidMessage, MessageProcessor


class QueuedMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A record that Lambda hands over from SQS.

    `receives` counts how often this copy was handed out, `attempt` the tries of all copies with
    the one to come.
    """

    id: str
    receipt: str
    body: str
    group: str
    receives: int
    attempt: int

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> QueuedMessage:
        """Read a record of a batch."""
        receives = int(record["attributes"]["ApproximateReceiveCount"])
        before = record.get("messageAttributes", {}).get(ATTEMPT_ATTRIBUTE, {})
        return cls(
            id=record["messageId"],
            receipt=record["receiptHandle"],
            body=record["body"],
            group=record["attributes"].get("MessageGroupId", "none"),
            receives=receives,
            attempt=_attempts(before.get("stringValue")) + receives,
        )


def _attempts(text: str | None) -> int:
    """Read the count that a copy carries; somebody else's message may carry anything."""
    return int(text) if text and text.isascii() and text.isdigit() else 0


class Delivery:
    """Delivers messages one by one, perhaps in several threads.

    A message that fails for now comes again until it was tried `attempts` times. Waiting up to 30
    s it stays where it is, unless it was received `max_receives` times, for then SQS would take it
    for poison; longer waits are a new copy.
    """

    def __init__(
        self,
        integration: MessageProcessor,
        *,
        queue: MessageQueue,
        dead_letters: MessageQueue,
        attempts: int,
        max_receives: int,
    ) -> None:
        self._integration = integration
        self._queue = queue
        self._dead_letters = dead_letters
        self._attempts = attempts
        self._max_receives = max_receives

    def deliver(self, message: QueuedMessage) -> bool:
        """Try a message once; tell whether it can leave the queue."""
        log = RequestLog()
        log.attempt = message.attempt
        try:
            request = read(message.body.encode())
        except InvalidMessage as error:
            log.message_type, log.message_id = error.message_type, error.message_id
            reason = f"InvalidMessage: {error.reason}"
            return self._bury(message, log, "dead", reason=reason, where=error.path)
        log.about(request)
        outcome = process(self._integration, request)
        if not isinstance(outcome, Failure):
            log.write("delivered")
            return True
        if outcome.lasts:
            return self._bury(message, log, "rejected", reason=outcome.error, where=outcome.where)
        if message.attempt >= self._attempts:
            reason = f"{outcome.error}, after {message.attempt} attempts"
            return self._bury(message, log, "dead", reason=reason, where=outcome.where)
        return self._postpone(message, log, outcome)

    def _bury(
        self, message: QueuedMessage, log: RequestLog, outcome: Metric, *, reason: str, where: str
    ) -> bool:
        """Move a message to the dead-letter queue; if that fails it stays and comes again."""
        try:
            self._dead_letters.send(message.body, group=message.group, reason=reason)
        except QueueError as error:
            log.write("retried", error=f"QueueError: {error}")
            return False
        log.write(outcome, error=reason, where=where)
        return True

    def _postpone(self, message: QueuedMessage, log: RequestLog, failure: Failure) -> bool:
        """Let a message wait; if SQS fails, the queue's own visibility is how long."""
        seconds = wait_seconds(message.attempt, failure.retry_after_seconds)
        leaves = seconds > LONGEST_HIDDEN_SECONDS or message.receives >= self._max_receives
        error = failure.error
        try:
            if leaves:
                self._queue.send(
                    message.body,
                    group=message.group,
                    attempt=message.attempt,
                    delay_seconds=seconds,
                )
            else:
                self._queue.hide(message.receipt, seconds=seconds)
        except QueueError as queue_error:
            leaves, error = False, f"{error}, then QueueError: {queue_error}"
        log.write("retried", error=error, where=failure.where)
        return leaves
