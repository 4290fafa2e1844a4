"""What SQS is asked for, and what is said when it fails."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import pytest

from endpoint.failures import QueueError
from endpoint.queue import MessageQueue, queue_at
from tests.aws.endpoint_sqs import QUEUE, Sqs

CANARY = "canary-8f2a@example.com"
ENVIRONMENT = {
    "AWS_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "example",
}


@pytest.fixture
def closed_port() -> str:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.fixture
def silent_server() -> Iterator[str]:
    """Listen without ever answering."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_message_is_stored_as_it_is_for_its_customer() -> None:
    sqs = Sqs()
    sqs.queue(QUEUE).send('{"type":"x"}', group="1001")

    assert sqs.sent(QUEUE) == [
        {
            "QueueUrl": QUEUE,
            "MessageBody": '{"type":"x"}',
            "MessageGroupId": "1001",
            "MessageAttributes": {},
            "DelaySeconds": 0,
        }
    ]


def test_copy_carries_its_attempts_and_dead_letter_its_reason() -> None:
    sqs = Sqs()
    sqs.queue(QUEUE).send("{}", group="1001", attempt=5, breakdowns=0, delay_seconds=900)
    sqs.queue(QUEUE).send("{}", group="1001", reason="InvalidMessage: ünreadable\n")
    copy, dead = sqs.sent(QUEUE)

    assert copy["DelaySeconds"] == 900
    assert copy["MessageAttributes"] == {
        "attempt": {"DataType": "Number", "StringValue": "5"},
        "breakdowns": {"DataType": "Number", "StringValue": "0"},
    }
    assert dead["MessageAttributes"]["reason"]["StringValue"].startswith("InvalidMessage: ")
    assert dead["MessageAttributes"]["reason"]["StringValue"].isascii()


def test_failure_names_operation_and_error_and_quotes_nothing() -> None:
    sqs = Sqs(refused={"SendMessage": "KmsDisabled", "DeleteMessage": "OverLimit"})
    queue = sqs.queue(QUEUE)

    with pytest.raises(QueueError, match=r"^SendMessage failed: KmsDisabled$"):
        queue.send(CANARY, group="1001")
    with pytest.raises(QueueError, match=r"^DeleteMessage failed: OverLimit$"):
        queue.delete("receipt")


def queue_behind(url: str) -> MessageQueue:
    return queue_at(f"{url}/queue", ENVIRONMENT | {"AWS_ENDPOINT_URL": url})


def test_unreachable_queue_is_told_with_the_reason(closed_port: str) -> None:
    with pytest.raises(QueueError, match=r"^SendMessage failed: ConnectionRefusedError$"):
        queue_behind(closed_port).send(CANARY, group="1001")


def test_silent_queue_is_asked_twice_for_as_long_as_it_takes_to_connect_and_to_read(
    silent_server: str,
) -> None:
    started = time.monotonic()

    with pytest.raises(QueueError, match=r"^SendMessage failed: TimeoutError$"):
        queue_behind(silent_server).send("{}", group="1001")

    assert time.monotonic() - started >= 2 * 0.6
