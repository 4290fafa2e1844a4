"""SQS that remembers what it was asked and takes everything, or refuses what a test wants."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import Any

from endpoint.aws import AwsError
from endpoint.batched_queue import BatchedQueue
from endpoint.queue import MessageQueue
from endpoint.sqs import Sqs as Client
from endpoint.threads import SystemThreads, Threads
from tests.aws.checked_client import CheckedClient

URL = "https://sqs.us-east-1.amazonaws.com/111122223333/"
QUEUE = f"{URL}queue"
DEAD_LETTERS = f"{URL}dead-letters"


@dataclass
class Sqs:
    """Remembers every request by its operation; `refused` operations fail with that error code.

    A request takes so many `seconds`.
    """

    requests: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def queue(self, url: str) -> MessageQueue:
        """Give a queue as the endpoint has it."""
        return MessageQueue(Client(CheckedClient("sqs", self._answer)), url)

    def worker_queue(self, url: str, threads: Threads | None = None) -> BatchedQueue:
        """Give a queue as the worker has it."""
        client = Client(CheckedClient("sqs", self._answer))
        return BatchedQueue(client, url, threads or SystemThreads())

    def sent(self, url: str) -> list[dict[str, Any]]:
        return [
            entry
            for operation, content in self.requests
            for entry in _entries(content)
            if operation.startswith("SendMessage") and content["QueueUrl"] == url
        ]

    def deleted(self) -> list[str]:
        return [
            entry["ReceiptHandle"]
            for operation, content in self.requests
            for entry in _entries(content)
            if operation.startswith("DeleteMessage")
        ]

    def _answer(self, operation: str, content: dict[str, Any]) -> dict[str, Any]:
        with self._lock:
            self.requests.append((operation, content))
        time.sleep(self.seconds)
        if code := self.refused.get(operation.removesuffix("Batch")):
            raise AwsError(code)
        if operation == "SendMessageBatch":
            return {"Successful": [_stored(it) for it in content["Entries"]], "Failed": []}
        if operation == "DeleteMessageBatch":
            return {"Successful": [{"Id": it["Id"]} for it in content["Entries"]], "Failed": []}
        return {"MessageId": "m"} if operation == "SendMessage" else {}


def _stored(entry: dict[str, Any]) -> dict[str, str]:
    return {"Id": entry["Id"], "MessageId": "m", "MD5OfMessageBody": "0" * 32}


def _entries(content: dict[str, Any]) -> list[dict[str, Any]]:
    """Give what a request is about, as if each were alone."""
    entries: list[dict[str, Any]] = content.get("Entries", [content])
    return [
        {key: value for key, value in entry.items() if key not in {"Id", "QueueUrl"}}
        | {"QueueUrl": content["QueueUrl"]}
        for entry in entries
    ]
