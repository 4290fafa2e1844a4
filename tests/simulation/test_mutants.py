"""A test of the tests: code that is broken on purpose is caught within 30 seeds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Unpack

import pytest

from endpoint.batched_queue import Answers, BatchedQueue
from endpoint.delivery import Delivery, Properties
from endpoint.failures import QueueError
from endpoint.queue import MessageQueue
from endpoint.queued_message import QueuedMessage
from tests.simulation.ledger import Broken
from tests.simulation.play import QUEUE, play

SEEDS = 30


class DeletingFirst(Delivery):
    """Takes the original out before its copy is stored."""

    def _move(
        self, message: QueuedMessage, queue: MessageQueue, **properties: Unpack[Properties]
    ) -> None:
        self._queue.delete(message.receipt)
        queue.send(message.body, group=message.group, **properties)


class NotWaitingForTheCopy(Delivery):
    """Takes the original out whether or not its copy is stored."""

    def _move(
        self, message: QueuedMessage, queue: MessageQueue, **properties: Unpack[Properties]
    ) -> None:
        with suppress(QueueError):
            queue.send(message.body, group=message.group, **properties)
        self._queue.delete(message.receipt)


class ForgettingTries(Delivery):
    """Counts no try."""

    def _move(
        self, message: QueuedMessage, queue: MessageQueue, **properties: Unpack[Properties]
    ) -> None:
        properties["attempt"] = 0
        super()._move(message, queue, **properties)


class TryingSuspectsAgain(Delivery):
    """Takes a message over which the worker breaks down for one like any other."""

    def _move(
        self, message: QueuedMessage, queue: MessageQueue, **properties: Unpack[Properties]
    ) -> None:
        properties["breakdowns"] = None
        super()._move(message, queue, **properties)


class BelievingTheWholeBatch(BatchedQueue):
    """Takes every entry of a request for stored when the request was answered."""

    def _asked(
        self, operation: str, call: Callable[..., Any], entries: Sequence[dict[str, Any]]
    ) -> Answers:
        super()._asked(operation, call, entries)
        return [None] * len(entries)


def reporting_nothing(_failed: list[str]) -> dict[str, Any]:
    return {"batchItemFailures": []}


def redriving_by_deleting_first(sqs: Any, urls: Any, **_: object) -> None:
    answer = sqs.receive_message(
        QueueUrl=urls.dead_letters, MaxNumberOfMessages=10, VisibilityTimeout=60
    )
    for message in answer["Messages"]:
        sqs.delete_message(QueueUrl=urls.dead_letters, ReceiptHandle=message["ReceiptHandle"])
        sqs.send_message(
            QueueUrl=QUEUE,
            MessageBody=message["Body"],
            MessageGroupId="1001",
            MessageAttributes={},
            DelaySeconds=0,
        )


@pytest.mark.parametrize(
    "broken",
    [
        {"delivery": DeletingFirst},
        {"delivery": NotWaitingForTheCopy},
        {"delivery": ForgettingTries},
        {"delivery": TryingSuspectsAgain},
        {"queue": BelievingTheWholeBatch},
        {"report": reporting_nothing},
        {"redrive": redriving_by_deleting_first},
    ],
    ids=lambda broken: str(next(iter(broken.values())).__name__),
)
def test_broken_code_breaks_a_promise_soon(broken: dict[str, Any]) -> None:
    with pytest.raises(Broken):
        play_all(broken)


def play_all(broken: dict[str, Any]) -> None:
    for seed in range(SEEDS):
        play(seed, **broken)
