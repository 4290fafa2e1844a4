"""SQS that remembers what it was asked and takes everything, or refuses what a test wants."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

from endpoint.aws import AwsError
from endpoint.queue import MessageQueue
from endpoint.sqs import Sqs as Client
from tests.endpoint.aws_answers import CheckedClient

URL = "https://sqs.us-east-1.amazonaws.com/111122223333/"
QUEUE = f"{URL}queue"
DEAD_LETTERS = f"{URL}dead-letters"


@dataclass
class Sqs:
    """Remembers every request by its operation; `refused` operations fail with that error code."""

    requests: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def queue(self, url: str) -> MessageQueue:
        return MessageQueue(Client(CheckedClient("sqs", self._answer)), url)

    def sent(self, url: str) -> list[dict[str, Any]]:
        return [
            content
            for operation, content in self.requests
            if operation == "SendMessage" and content["QueueUrl"] == url
        ]

    def deleted(self) -> list[str]:
        return [
            content["ReceiptHandle"]
            for operation, content in self.requests
            if operation == "DeleteMessage"
        ]

    def _answer(self, operation: str, content: dict[str, Any]) -> dict[str, Any]:
        with self._lock:
            self.requests.append((operation, content))
        if code := self.refused.get(operation):
            raise AwsError(code)
        return {"MessageId": "m"} if operation == "SendMessage" else {}
