"""What SQS is asked for, and what is said when it fails."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import pytest

from endpoint.failures import QueueError
from endpoint.queue import MessageQueue, sqs_client
from tests.endpoint.sqs import QUEUE, Sqs

CANARY = "canary-8f2a@example.com"


@pytest.fixture
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "example")


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


@pytest.mark.usefixtures("credentials")
def test_unreachable_queue_fails_soon(monkeypatch: pytest.MonkeyPatch, closed_port: str) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", closed_port)
    queue = MessageQueue(sqs_client("us-east-1"), f"{closed_port}/queue")
    started = time.monotonic()

    with pytest.raises(QueueError, match="EndpointConnectionError") as caught:
        queue.send(CANARY, group="1001")

    assert CANARY not in str(caught.value)
    assert time.monotonic() - started < 5


@pytest.mark.usefixtures("credentials")
def test_silent_queue_is_asked_twice_and_no_longer_than_mparticle_waits(
    monkeypatch: pytest.MonkeyPatch, silent_server: str
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", silent_server)
    queue = MessageQueue(sqs_client("us-east-1"), f"{silent_server}/queue")
    started = time.monotonic()

    with pytest.raises(QueueError, match="ReadTimeoutError"):
        queue.send("{}", group="1001")

    # two reads of 400 ms and the pause between them
    assert 0.8 <= time.monotonic() - started < 5
