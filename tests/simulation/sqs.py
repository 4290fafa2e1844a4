"""The client of SQS in one process: its calls take time, and fail at any point."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from greenlet import GreenletExit

from endpoint.aws import AwsError
from tests.simulation.faults import Faults
from tests.simulation.queue import SimulatedQueue
from tests.simulation.scheduler import Process, Scheduler

_Result = TypeVar("_Result")


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
        is_operator = self._process is None
        taken: list[Any] = []

        def effect() -> dict[str, Any]:
            for entry in Entries:
                if self._faults.fails("SendMessageBatchEntry"):
                    continue
                body = entry["MessageBody"]
                if is_operator:
                    queue.ledger.redriven(body)
                queue.send(
                    body,
                    entry["MessageGroupId"],
                    entry.get("MessageAttributes", {}),
                    float(entry.get("DelaySeconds", 0)),
                    0 if is_operator else self.chain + 1,
                )
                self.stored.add(body)
                taken.append(entry)
            return {"Successful": [{"Id": entry["Id"]} for entry in taken]}

        def unheard() -> None:
            for entry in taken:
                queue.ledger.fates[entry["MessageBody"]].forks += 1

        return self._call("SendMessageBatch", effect, unheard)

    def delete_message_batch(self, *, QueueUrl: str, Entries: list[Any]) -> dict[str, Any]:  # noqa: N803
        def effect() -> dict[str, Any]:
            gone = [it for it in Entries if not self._faults.fails("DeleteMessageBatchEntry")]
            for entry in gone:
                self._queues[QueueUrl].delete(entry["ReceiptHandle"])
            return {"Successful": [{"Id": entry["Id"]} for entry in gone]}

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
