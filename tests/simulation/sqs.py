"""SQS: delays, visibility, redrive, messages handed out twice, and calls that fail at any point."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Any, TypeVar

from greenlet import GreenletExit

from endpoint.aws import AwsError
from endpoint.queue import REASON_ATTRIBUTE
from tests.simulation.faults import Faults
from tests.simulation.ledger import Ledger
from tests.simulation.scheduler import Process, Scheduler, SimulatedSignal

IN_FLIGHT = 120_000
"""docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html."""

_Result = TypeVar("_Result")


@dataclass(eq=False, slots=True)
class StoredMessage:
    """One copy of a message; `chain` counts the invocations that led to it."""

    number: int
    body: str
    group: str
    attributes: dict[str, dict[str, str]]
    sent_at: float
    chain: int = 0
    receives: int = 0
    receipt: str = ""
    visible_at: float = 0.0
    is_gone: bool = False

    def record(self) -> dict[str, Any]:
        """Give what Lambda hands to a function."""
        return {
            "messageId": f"m{self.number}",
            "receiptHandle": self.receipt,
            "body": self.body,
            "attributes": {
                "ApproximateReceiveCount": str(self.receives),
                "MessageGroupId": self.group,
            },
            "messageAttributes": {
                name: {"dataType": value["DataType"], "stringValue": value["StringValue"]}
                for name, value in self.attributes.items()
            },
        }


@dataclass(eq=False, slots=True)
class SimulatedQueue:
    """One queue, from within: everything here succeeds. `dead_letters` has no redrive."""

    scheduler: Scheduler
    ledger: Ledger
    faults: Faults
    visibility_seconds: float
    max_receives: int = 0
    dead_letters: SimulatedQueue | None = None
    retention_seconds: float = math.inf
    arrived: SimulatedSignal = field(init=False)
    in_flight: dict[str, StoredMessage] = field(default_factory=dict)
    count: int = 0
    _visible: list[StoredMessage] = field(default_factory=list)
    _hidden: list[tuple[float, int, StoredMessage, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.arrived = SimulatedSignal(self.scheduler)

    @property
    def is_dead(self) -> bool:
        return self.dead_letters is None

    def send(
        self,
        body: str,
        group: str,
        attributes: dict[str, dict[str, str]],
        delay: float = 0.0,
        chain: int = 0,
    ) -> None:
        self.count += 1
        now = self.scheduler.now
        message = StoredMessage(self.count, body, group, attributes, now, chain)
        reason = attributes.get(REASON_ATTRIBUTE, {}).get("StringValue")
        self.ledger.stored(body, dead=self.is_dead, reason=reason)
        self._hide(message, delay)
        self.arrived.set()

    def receive(self, most: int, visibility: float | None = None) -> list[StoredMessage]:
        """Hand out up to so many messages; those received too often become dead letters."""
        self._show_due()
        handed: list[StoredMessage] = []
        while self._visible and len(handed) < most and len(self.in_flight) < IN_FLIGHT:
            choice = self.scheduler.random.randrange(len(self._visible))
            self._visible[choice], self._visible[-1] = self._visible[-1], self._visible[choice]
            message = self._visible.pop()
            if message.is_gone or message.receipt in self.in_flight:
                continue
            if self.scheduler.now - message.sent_at > self.retention_seconds:
                self._remove(message)
                continue
            if self.dead_letters and message.receives >= self.max_receives:
                self.bury(message)
                continue
            message.receives += 1
            message.receipt = f"{message.number}-{message.receives}"
            self.in_flight[message.receipt] = message
            self._hide(message, self.visibility_seconds if visibility is None else visibility)
            handed.append(message)
            if self.faults.hands_out_twice():
                self.ledger.fates[message.body].forks += 1
                self._hide(message, self.scheduler.random.uniform(0, 5))
        self.ledger.most_in_flight = max(self.ledger.most_in_flight, len(self.in_flight))
        return handed

    def bury(self, message: StoredMessage) -> None:
        """Move a message as the redrive policy does."""
        assert self.dead_letters is not None
        reason = {"DataType": "String", "StringValue": "moved by SQS"}
        self.dead_letters.send(
            message.body, message.group, {**message.attributes, REASON_ATTRIBUTE: reason}
        )
        self._remove(message)

    def delete(self, receipt: str) -> None:
        """Delete by receipt, which any receipt of the message will do for while it exists."""
        message = self.in_flight.get(receipt)
        if message is not None:
            self._remove(message)

    def change_visibility(self, receipt: str, seconds: float) -> None:
        message = self.in_flight.get(receipt)
        if message is not None and message.receipt == receipt:
            self._hide(message, seconds)

    def next_due(self) -> float:
        """Say how long nothing will become visible; infinite if nothing ever will."""
        self._show_due()
        if self._visible:
            return 0.0
        return self._hidden[0][0] - self.scheduler.now if self._hidden else math.inf

    def bodies(self) -> list[str]:
        """Give what the queue holds."""
        messages = {id(it): it for it in self._visible}
        messages |= {id(it): it for _, _, it, _ in self._hidden}
        return [message.body for message in messages.values() if not message.is_gone]

    def _hide(self, message: StoredMessage, seconds: float) -> None:
        message.visible_at = self.scheduler.now + seconds
        entry = (message.visible_at, self.scheduler.random.getrandbits(32), message)
        heappush(self._hidden, (*entry, message.receipt))

    def _show_due(self) -> None:
        now = self.scheduler.now
        while self._hidden and self._hidden[0][0] <= now:
            _, _, message, receipt = heappop(self._hidden)
            if message.is_gone or message.receipt != receipt:
                continue
            self.in_flight.pop(receipt, None)
            self._visible.append(message)

    def _remove(self, message: StoredMessage) -> None:
        if not message.is_gone:
            message.is_gone = True
            self.in_flight.pop(message.receipt, None)
            self.ledger.removed(message.body, dead=self.is_dead)


class SimulatedSqs:
    """A client in one process, of the shape that boto3 and ours share.

    Its calls take time and may fail: before they have done anything, or after it, when only the
    answer is lost.
    """

    def __init__(
        self,
        scheduler: Scheduler,
        queues: dict[str, SimulatedQueue],
        faults: Faults,
        process: Process | None,
    ) -> None:
        self._scheduler = scheduler
        self._queues = queues
        self._faults = faults
        self._process = process
        self.chain = 0
        self.stored: set[str] = set()
        """The bodies of which this process has stored a copy."""

    def send_message(
        self,
        *,
        QueueUrl: str,  # noqa: N803 - botocore's spelling, here and below
        MessageBody: str,  # noqa: N803
        MessageGroupId: str,  # noqa: N803
        MessageAttributes: dict[str, dict[str, str]],  # noqa: N803
        DelaySeconds: int,  # noqa: N803
    ) -> dict[str, Any]:
        queue = self._queues[QueueUrl]

        def effect() -> dict[str, Any]:
            queue.send(
                MessageBody, MessageGroupId, MessageAttributes, float(DelaySeconds), self.chain + 1
            )
            self.stored.add(MessageBody)
            return {}

        def unheard() -> None:
            queue.ledger.fates[MessageBody].forks += 1

        return self._call("SendMessage", effect, unheard)

    def delete_message(self, *, QueueUrl: str, ReceiptHandle: str) -> dict[str, Any]:  # noqa: N803
        def effect() -> dict[str, Any]:
            self._queues[QueueUrl].delete(ReceiptHandle)
            return {}

        return self._call("DeleteMessage", effect)

    def receive_message(
        self,
        *,
        QueueUrl: str,  # noqa: N803
        MaxNumberOfMessages: int,  # noqa: N803
        VisibilityTimeout: int,  # noqa: N803
        **_: object,
    ) -> dict[str, Any]:
        def effect() -> dict[str, Any]:
            messages = self._queues[QueueUrl].receive(MaxNumberOfMessages, VisibilityTimeout)
            return {
                "Messages": [
                    {
                        "Body": message.body,
                        "ReceiptHandle": message.receipt,
                        "Attributes": {"MessageGroupId": message.group},
                        "MessageAttributes": message.attributes,
                    }
                    for message in messages
                ]
            }

        return self._call("ReceiveMessage", effect)

    def send_message_batch(self, *, QueueUrl: str, Entries: list[Any]) -> dict[str, Any]:  # noqa: N803
        queue = self._queues[QueueUrl]

        def effect() -> dict[str, Any]:
            taken = []
            for entry in Entries:
                if self._faults.fails("SendMessageBatchEntry"):
                    continue
                queue.ledger.redriven(entry["MessageBody"])
                queue.send(
                    entry["MessageBody"],
                    entry["MessageGroupId"],
                    entry.get("MessageAttributes", {}),
                    float(entry.get("DelaySeconds", 0)),
                )
                taken.append({"Id": entry["Id"]})
            return {"Successful": taken}

        return self._call("SendMessageBatch", effect)

    def delete_message_batch(self, *, QueueUrl: str, Entries: list[Any]) -> dict[str, Any]:  # noqa: N803
        def effect() -> dict[str, Any]:
            for entry in Entries:
                if not self._faults.fails("DeleteMessageBatchEntry"):
                    self._queues[QueueUrl].delete(entry["ReceiptHandle"])
            return {}

        return self._call("DeleteMessageBatch", effect)

    def change_message_visibility_batch(
        self,
        *,
        QueueUrl: str,  # noqa: N803
        Entries: list[Any],  # noqa: N803
    ) -> dict[str, Any]:
        def effect() -> dict[str, Any]:
            for entry in Entries:
                receipt, seconds = entry["ReceiptHandle"], entry["VisibilityTimeout"]
                self._queues[QueueUrl].change_visibility(receipt, seconds)
            return {}

        return self._call("ChangeMessageVisibilityBatch", effect)

    def _call(
        self,
        operation: str,
        effect: Callable[[], _Result],
        unheard: Callable[[], None] | None = None,
    ) -> _Result:
        if self._process is not None and self._process.is_dead:
            raise GreenletExit
        self._scheduler.sleep(self._faults.sqs_seconds())
        if self._faults.fails(operation):
            raise AwsError("InternalError")
        result = effect()
        if self._faults.answer_is_lost(operation):
            if unheard:
                unheard()
            self._scheduler.sleep(0.4)
            raise AwsError("TimeoutError")
        self._scheduler.sleep(self._faults.sqs_seconds())
        return result
