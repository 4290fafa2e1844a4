"""SQS in memory: what the endpoint and the worker ask of it, and nothing else."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import uuid4

from endpoint.queue import ATTEMPT_ATTRIBUTE, BREAKDOWNS_ATTRIBUTE, REASON_ATTRIBUTE, MessageQueue

MOST_DEAD_LETTERS = 1_000
"""More are not kept: a process that goes on for days must not grow with them."""


@dataclass(slots=True, kw_only=True)
class StoredMessage:
    """A message in a queue.

    `attempt` counts the tries of earlier copies, `receives` those of this one; `wait_seconds` is
    how long SQS keeps it back, until `due_at` on the queue's clock. `reason` says why it is a dead
    letter.
    """

    id: str
    body: str = field(repr=False)
    group: str
    attempt: int
    breakdowns: int | None
    wait_seconds: int
    due_at: float
    reason: str | None
    receives: int = 0

    def record(self) -> dict[str, Any]:
        """Give what Lambda hands to the worker."""
        counts = {ATTEMPT_ATTRIBUTE: self.attempt or None, BREAKDOWNS_ATTRIBUTE: self.breakdowns}
        return {
            "messageId": self.id,
            "receiptHandle": self.id,
            "body": self.body,
            "attributes": {
                "ApproximateReceiveCount": str(self.receives),
                "MessageGroupId": self.group,
            },
            "messageAttributes": {
                name: {"stringValue": str(count), "dataType": "Number"}
                for name, count in counts.items()
                if count is not None
            },
        }


class MemorySqs:
    """Two queues by their URLs. How long a message should wait is noted; who receives decides.

    `now` is the clock by which they wait. `told` hears of each message before it is in the queue.
    """

    QUEUE = "memory:queue"
    DEAD_LETTERS = "memory:dead-letters"

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self.told: Callable[[StoredMessage], None] = lambda _message: None
        self._now = now
        self._messages: dict[str, list[StoredMessage]] = {self.QUEUE: [], self.DEAD_LETTERS: []}
        self._lock = threading.Lock()

    def queue(self, url: str) -> MessageQueue:
        """Give the queue as the endpoint's code uses it."""
        return MessageQueue(cast("Any", self), url)

    def messages(self, url: str) -> list[StoredMessage]:
        """Give what a queue holds, oldest first."""
        with self._lock:
            return list(self._messages[url])

    def receive(self, message: StoredMessage) -> dict[str, Any]:
        """Hand a message out, as a record for the worker; it stays until it is deleted."""
        message.receives += 1
        message.wait_seconds = 0
        return message.record()

    def delete(self, message: StoredMessage) -> None:
        """Take a message that was handled out of the queue."""
        self.delete_message(QueueUrl=self.QUEUE, ReceiptHandle=message.id)

    def clear(self) -> None:
        """Forget every message of both queues."""
        with self._lock:
            for messages in self._messages.values():
                messages.clear()

    def send_message(
        self,
        *,
        QueueUrl: str,  # noqa: N803 - botocore's spelling, here and below
        MessageBody: str,  # noqa: N803
        MessageGroupId: str,  # noqa: N803
        MessageAttributes: dict[str, dict[str, str]],  # noqa: N803
        DelaySeconds: int,  # noqa: N803
    ) -> dict[str, str]:
        """Answer SQS's SendMessage."""
        attributes = {name: value["StringValue"] for name, value in MessageAttributes.items()}
        breakdowns = attributes.get(BREAKDOWNS_ATTRIBUTE)
        message = StoredMessage(
            id=str(uuid4()),
            body=MessageBody,
            group=MessageGroupId,
            attempt=int(attributes.get(ATTEMPT_ATTRIBUTE, "0")),
            breakdowns=int(breakdowns) if breakdowns is not None else None,
            wait_seconds=DelaySeconds,
            due_at=self._now() + DelaySeconds,
            reason=attributes.get(REASON_ATTRIBUTE),
        )
        if QueueUrl == self.QUEUE:
            self.told(message)
        with self._lock:
            self._messages[QueueUrl].append(message)
            del self._messages[self.DEAD_LETTERS][:-MOST_DEAD_LETTERS]
        return {"MessageId": message.id}

    def delete_message(self, *, QueueUrl: str, ReceiptHandle: str) -> dict[str, str]:  # noqa: N803
        """Answer SQS's DeleteMessage."""
        with self._lock:
            kept = [it for it in self._messages[QueueUrl] if it.id != ReceiptHandle]
            self._messages[QueueUrl] = kept
        return {}
