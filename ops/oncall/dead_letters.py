"""The dead-letter queue of a region: what is in it by reason, and back to the queue with it.

SQS's own StartMessageMoveTask is not used (docs/adr/0030): it cannot choose by reason.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from threading import Event
from typing import TYPE_CHECKING

from cloud.queues import QueueUrls
from endpoint.queue import REASON_ATTRIBUTE

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

GIVEN_UP_BY_SQS = "the worker broke down over it, or had no time for it"
"""The reason of what SQS itself moved, after max_receives receives without an answer."""

_HIDDEN_SECONDS = 600
_BATCH = 10
"""The most that SQS takes or gives at once."""
_BATCH_BYTES = 900_000
"""Of the 1 MiB that SQS takes in one batch; the rest is for attributes."""
_EMPTY_ANSWERS = 3
"""So many in a row mean that there is no more: one alone may be chance."""


@dataclass(slots=True)
class Redriven:
    """What a redrive has done.

    `moved` counts by reason, `left` what another reason kept where it was, `refused` what SQS would
    not take.
    """

    moved: Counter[str] = field(default_factory=Counter)
    left: int = 0
    refused: int = 0


def depth(sqs: SQSClient, url: str) -> int:
    """Ask SQS about how many messages a queue holds that nobody is working on."""
    answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
    return int(answer["Attributes"]["ApproximateNumberOfMessages"])


def count_by_reason(sqs: SQSClient, url: str, *, most: int) -> Counter[str]:
    """Count messages by why they are there; they are all visible again afterwards."""
    seen: list[MessageTypeDef] = []
    try:
        for batch in _batches(sqs, url, most):
            seen += batch
    finally:
        _show_again(sqs, url, seen)
    return Counter(map(reason_of, seen))


def redrive(
    sqs: SQSClient,
    urls: QueueUrls,
    *,
    only: str | None,
    per_second: float,
    most: int,
    stop: Event,
    moved: Callable[[Redriven], None],
) -> Redriven:
    """Move dead letters back to the queue, those of one reason or all, until `stop` is set.

    A message is stored in the queue before it leaves the dead letters, so what ends this in
    between delivers it twice and loses nothing. Stops at the first that SQS refuses.
    """
    done = Redriven()
    hidden: list[MessageTypeDef] = []
    try:
        for batch in _batches(sqs, urls.dead_letters, most, stop=stop):
            started = time.monotonic()
            chosen = [message for message in batch if only in (None, reason_of(message))]
            rest = [message for message in batch if only not in (None, reason_of(message))]
            hidden += rest
            done.left += len(rest)
            for part in _parts(chosen):
                hidden += _move(sqs, urls, part, done)
                moved(done)
            stop.wait(max(0.0, len(chosen) / per_second - (time.monotonic() - started)))
            if done.refused:
                break
    finally:
        _show_again(sqs, urls.dead_letters, hidden)
    return done


def reason_of(message: MessageTypeDef) -> str:
    """Say why a message is a dead letter; never what is in it."""
    attribute = message.get("MessageAttributes", {}).get(REASON_ATTRIBUTE)
    return attribute["StringValue"] if attribute else GIVEN_UP_BY_SQS


def _batches(
    sqs: SQSClient, url: str, most: int, *, stop: Event | None = None
) -> Iterator[list[MessageTypeDef]]:
    """Receive until there is no more, or `most` were received; each is hidden for ten minutes."""
    received = empty = 0
    while received < most and empty < _EMPTY_ANSWERS and not (stop and stop.is_set()):
        answer = sqs.receive_message(
            QueueUrl=url,
            MaxNumberOfMessages=min(_BATCH, most - received),
            VisibilityTimeout=_HIDDEN_SECONDS,
            WaitTimeSeconds=1 if empty else 0,
            MessageSystemAttributeNames=["MessageGroupId"],
            MessageAttributeNames=[REASON_ATTRIBUTE],
        )
        messages = answer.get("Messages", [])
        received += len(messages)
        empty = 0 if messages else empty + 1
        if messages:
            yield messages


def _parts(messages: list[MessageTypeDef]) -> Iterator[list[MessageTypeDef]]:
    """Part a batch so that each part is small enough for one SendMessageBatch."""
    part: list[MessageTypeDef] = []
    size = 0
    for message in messages:
        own = len(message["Body"].encode())
        if part and size + own > _BATCH_BYTES:
            yield part
            part, size = [], 0
        part.append(message)
        size += own
    if part:
        yield part


def _move(
    sqs: SQSClient, urls: QueueUrls, messages: list[MessageTypeDef], done: Redriven
) -> list[MessageTypeDef]:
    """Send messages, then delete those that were taken; give the others back."""
    sent = sqs.send_message_batch(
        QueueUrl=urls.queue,
        Entries=[
            {
                "Id": str(number),
                "MessageBody": message["Body"],
                "MessageGroupId": message.get("Attributes", {}).get("MessageGroupId", "none"),
            }
            for number, message in enumerate(messages)
        ],
    )
    taken = [messages[int(entry["Id"])] for entry in sent.get("Successful", [])]
    if taken:
        sqs.delete_message_batch(
            QueueUrl=urls.dead_letters,
            Entries=[
                {"Id": str(number), "ReceiptHandle": message["ReceiptHandle"]}
                for number, message in enumerate(taken)
            ],
        )
    done.moved.update(map(reason_of, taken))
    refused = [message for message in messages if message not in taken]
    done.refused += len(refused)
    return refused


def _show_again(sqs: SQSClient, url: str, messages: list[MessageTypeDef]) -> None:
    for start in range(0, len(messages), _BATCH):
        sqs.change_message_visibility_batch(
            QueueUrl=url,
            Entries=[
                {
                    "Id": str(number),
                    "ReceiptHandle": message["ReceiptHandle"],
                    "VisibilityTimeout": 0,
                }
                for number, message in enumerate(messages[start : start + _BATCH])
            ],
        )
