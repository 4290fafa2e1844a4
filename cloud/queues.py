"""The queues of a region, from outside: how much waits in each, how old it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cloud.outputs import read_output
from plan.names import DEAD_LETTER_QUEUE_URL_OUTPUT, QUEUE_URL_OUTPUT
from plan.region_plan import RegionPlan

if TYPE_CHECKING:
    from boto3.session import Session

_AGE_WINDOW = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueUrls:
    """Where one region's messages wait, and where they are kept that could not be delivered."""

    queue: str
    dead_letters: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueDepths:
    """How many messages there are, as SQS approximates it.

    `oldest_seconds` is none while CloudWatch has measured nothing, as for an empty queue.
    """

    waiting: int
    in_flight: int
    delayed: int
    dead: int
    oldest_seconds: int | None


def queue_urls(session: Session, plan: RegionPlan) -> QueueUrls:
    """Read the URLs of a region's queues. Raises `CommandError` when they are not deployed."""
    return QueueUrls(
        queue=read_output(session, plan, QUEUE_URL_OUTPUT),
        dead_letters=read_output(session, plan, DEAD_LETTER_QUEUE_URL_OUTPUT),
    )


def read_depths(session: Session, urls: QueueUrls) -> QueueDepths:
    """Ask SQS and CloudWatch how much waits."""
    sqs = session.client("sqs")
    live = sqs.get_queue_attributes(QueueUrl=urls.queue, AttributeNames=["All"])["Attributes"]
    dead = sqs.get_queue_attributes(QueueUrl=urls.dead_letters, AttributeNames=["All"])
    return QueueDepths(
        waiting=int(live["ApproximateNumberOfMessages"]),
        in_flight=int(live["ApproximateNumberOfMessagesNotVisible"]),
        delayed=int(live["ApproximateNumberOfMessagesDelayed"]),
        dead=int(dead["Attributes"]["ApproximateNumberOfMessages"]),
        oldest_seconds=_oldest(session, urls.queue),
    )


def _oldest(session: Session, url: str) -> int | None:
    now = datetime.now(UTC)
    answer = session.client("cloudwatch").get_metric_statistics(
        Namespace="AWS/SQS",
        MetricName="ApproximateAgeOfOldestMessage",
        Dimensions=[{"Name": "QueueName", "Value": url.rsplit("/", 1)[1]}],
        StartTime=now - _AGE_WINDOW,
        EndTime=now,
        Period=60,
        Statistics=["Maximum"],
    )
    points = sorted(answer["Datapoints"], key=lambda point: point["Timestamp"])
    return int(points[-1]["Maximum"]) if points else None
