"""Queues as SQS keeps them: what was received is hidden until it is deleted or shown again."""

from __future__ import annotations

from collections import defaultdict
from itertools import count
from typing import Any

from tests.aws.service import AwsError, Service

LARGEST_BATCH_BYTES = 1_048_576


class FakeLetters(Service):
    """The client of every queue. `refused` names bodies that no queue takes.

    `silent` receives answer nothing though there is something, as SQS's short polls may.
    """

    name = "sqs"

    def __init__(self) -> None:
        super().__init__(checked=True)
        self.shown: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.hidden: dict[str, tuple[str, dict[str, Any]]] = {}
        self._receipts = (f"receipt-{number}" for number in count())
        self.refused: set[str] = set()
        self.silent: set[int] = set()
        self.receives: list[tuple[int, int, int]] = []

    def put(self, url: str, body: str, *, group: str, reason: str | None = None) -> None:
        attributes = {"reason": {"DataType": "String", "StringValue": reason}} if reason else {}
        self.shown[url].append(
            {"Body": body, "Attributes": {"MessageGroupId": group}, "MessageAttributes": attributes}
        )

    def bodies(self, url: str) -> list[str]:
        return [message["Body"] for message in self.shown[url]]

    def receive_message(
        self,
        *,
        QueueUrl: str,
        MaxNumberOfMessages: int,
        VisibilityTimeout: int,
        WaitTimeSeconds: int,
        MessageSystemAttributeNames: list[str],
        MessageAttributeNames: list[str],
    ) -> dict[str, Any]:
        assert 1 <= MaxNumberOfMessages <= 10
        self.receives.append((MaxNumberOfMessages, VisibilityTimeout, WaitTimeSeconds))
        if len(self.receives) in self.silent:
            return {}
        taken, kept = (
            self.shown[QueueUrl][:MaxNumberOfMessages],
            self.shown[QueueUrl][MaxNumberOfMessages:],
        )
        self.shown[QueueUrl] = kept
        answer = []
        for message in taken:
            receipt = next(self._receipts)
            self.hidden[receipt] = (QueueUrl, message)
            asked = {
                "Attributes": _only(message["Attributes"], MessageSystemAttributeNames),
                "MessageAttributes": _only(message["MessageAttributes"], MessageAttributeNames),
            }
            found = {name: value for name, value in asked.items() if value}
            answer.append({"Body": message["Body"], "ReceiptHandle": receipt, **found})
        return {"Messages": answer} if answer else {}

    def send_message_batch(self, *, QueueUrl: str, Entries: list[dict[str, Any]]) -> dict[str, Any]:
        _hold_batch(Entries)
        if sum(len(entry["MessageBody"].encode()) for entry in Entries) > LARGEST_BATCH_BYTES:
            raise AwsError("AWS.SimpleQueueService.BatchRequestTooLong")
        refused = [entry for entry in Entries if entry["MessageBody"] in self.refused]
        sent = [entry for entry in Entries if entry not in refused]
        for entry in sent:
            self.put(QueueUrl, entry["MessageBody"], group=entry["MessageGroupId"])
        return {
            "Successful": [
                {"Id": entry["Id"], "MessageId": "m", "MD5OfMessageBody": "md5"} for entry in sent
            ],
            "Failed": [
                {"Id": entry["Id"], "SenderFault": False, "Code": "InternalError"}
                for entry in refused
            ],
        }

    def delete_message_batch(
        self, *, QueueUrl: str, Entries: list[dict[str, Any]]
    ) -> dict[str, Any]:
        for receipt in _hold_batch(Entries):
            assert self.hidden.pop(receipt)[0] == QueueUrl
        return {"Successful": [{"Id": entry["Id"]} for entry in Entries], "Failed": []}

    def change_message_visibility_batch(
        self, *, QueueUrl: str, Entries: list[dict[str, Any]]
    ) -> dict[str, Any]:
        for receipt in _hold_batch(Entries):
            assert {entry["VisibilityTimeout"] for entry in Entries} == {0}
            self.shown[QueueUrl].append(self.hidden.pop(receipt)[1])
        return {"Successful": [{"Id": entry["Id"]} for entry in Entries], "Failed": []}

    def get_queue_attributes(self, *, QueueUrl: str, AttributeNames: list[str]) -> dict[str, Any]:
        known = {"ApproximateNumberOfMessages": str(len(self.shown[QueueUrl]))}
        return {"Attributes": _only(known, AttributeNames)}


def _only(values: dict[str, Any], names: list[str]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in names}


def _hold_batch(entries: list[dict[str, Any]]) -> list[str]:
    """Hold what SQS demands of a batch; give the receipts in it."""
    assert 1 <= len(entries) <= 10
    assert len({entry["Id"] for entry in entries}) == len(entries)
    return [entry["ReceiptHandle"] for entry in entries if "ReceiptHandle" in entry]
