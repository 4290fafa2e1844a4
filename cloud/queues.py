"""The queues of a region, from outside: where they are and how much waits in each."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cloud.stack import DeployedStack
from plan.names import DEAD_LETTER_QUEUE_URL_OUTPUT, QUEUE_URL_OUTPUT

if TYPE_CHECKING:
    from boto3.session import Session

_POLL_SECONDS = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueUrls:
    """Where one region's messages wait, and where they are kept that could not be delivered."""

    queue: str
    dead_letters: str

    @property
    def queue_name(self) -> str:
        """The queue's name, as CloudWatch knows it."""
        return self.queue.rsplit("/", 1)[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueDepths:
    """How many messages there are, as SQS approximates it."""

    waiting: int
    in_flight: int
    delayed: int
    dead: int

    @property
    def undelivered(self) -> int:
        """The messages that were accepted and are neither delivered nor dead letters."""
        return self.waiting + self.in_flight + self.delayed


def queue_urls(stack: DeployedStack) -> QueueUrls:
    """Give the URLs of a stack's queues. Raises `CommandError` when it has none."""
    return QueueUrls(
        queue=stack.output(QUEUE_URL_OUTPUT),
        dead_letters=stack.output(DEAD_LETTER_QUEUE_URL_OUTPUT),
    )


def wait_for_depths(
    session: Session, stack: DeployedStack, holds: Callable[[QueueDepths], bool], *, until: float
) -> None:
    """Wait until the depths are such, or a moment of `time.monotonic`; not where nothing queues."""
    if stack.plan.delivery is None:
        return
    urls = queue_urls(stack)
    while not holds(read_depths(session, urls)) and time.monotonic() < until:
        time.sleep(_POLL_SECONDS)


def messages_in(session: Session, url: str) -> tuple[int, int, int]:
    """Ask SQS how many messages of a queue wait, are in flight and are delayed."""
    answer = session.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])
    counts = answer["Attributes"]
    return (
        int(counts["ApproximateNumberOfMessages"]),
        int(counts["ApproximateNumberOfMessagesNotVisible"]),
        int(counts["ApproximateNumberOfMessagesDelayed"]),
    )


def read_depths(session: Session, urls: QueueUrls) -> QueueDepths:
    """Ask SQS how much waits."""
    waiting, in_flight, delayed = messages_in(session, urls.queue)
    dead, _, _ = messages_in(session, urls.dead_letters)
    return QueueDepths(waiting=waiting, in_flight=in_flight, delayed=delayed, dead=dead)
