"""SQS without a network: botocore checks every request and parses every answer by its own model."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from typing import Any, cast

import botocore.session
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.config import Config

from endpoint.queue import MessageQueue

URL = "https://sqs.us-east-1.amazonaws.com/111122223333/"
QUEUE = f"{URL}queue"
DEAD_LETTERS = f"{URL}dead-letters"


class _Body:
    """The body of an answer, as botocore reads it."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self) -> list[bytes]:
        return [self._content]


@dataclass
class Sqs:
    """Remembers every request by its operation; `refused` operations fail with that error code."""

    requests: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def queue(self, url: str) -> MessageQueue:
        session = botocore.session.Session()
        session.set_credentials("AKIDEXAMPLE", "example")
        config = Config(retries={"total_max_attempts": 1})
        client = session.create_client("sqs", region_name="us-east-1", config=config)
        # the stubs do not know that such a handler may answer in the network's place
        client.meta.events.register("before-send.sqs", cast("Any", self._answer))
        return MessageQueue(cast("Any", client), url)

    def sent(self, url: str) -> list[dict[str, Any]]:
        return [
            content
            for operation, content in self.requests
            if operation == "SendMessage" and content["QueueUrl"] == url
        ]

    def hidden(self) -> list[dict[str, Any]]:
        return [
            content
            for operation, content in self.requests
            if operation == "ChangeMessageVisibility"
        ]

    def _answer(self, request: AWSPreparedRequest, **_: object) -> AWSResponse:
        target = request.headers["X-Amz-Target"]
        operation = (target if isinstance(target, str) else target.decode()).partition(".")[2]
        body = request.body
        assert isinstance(body, bytes)
        content = json.loads(body)
        with self._lock:
            self.requests.append((operation, content))
        if code := self.refused.get(operation):
            return _response(400, {"__type": f"com.amazonaws.sqs#{code}", "message": body.decode()})
        return _response(200, {"MessageId": "m"} if operation == "SendMessage" else {})


def _response(status: int, content: dict[str, Any]) -> AWSResponse:
    headers = HTTPHeaders()
    headers["Content-Type"] = "application/x-amz-json-1.0"
    return AWSResponse("", status, headers, _Body(json.dumps(content).encode()))
