"""The delivery tables of deployment.toml: what is queued, the queue, the worker that drains it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from plan.fields import Reservation, Table
from plan.problems import refusal

WORKER_HANDLER = "endpoint.worker.handler"
LONGEST_VISIBILITY_SECONDS = 43_200
"""docs.aws.amazon.com/AWSSimpleQueueService, SetQueueAttributes."""
VISIBILITY_TIMEOUTS = 6
"""docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html: at least six times the
function's timeout, so that a message is not handed out again while Lambda still retries."""

FamilyName = Literal["events", "audiences", "dsr"]
FAMILIES: tuple[FamilyName, ...] = ("events", "audiences", "dsr")
Mode = Literal["inline", "queued"]


class Processing(Table):
    """Per message family: `inline` answers mParticle after the integration has done its work.

    `queued` answers once the message is stored. Left out with another artifact: inline.
    """

    events: Mode = "inline"
    audiences: Mode = "queued"
    """mParticle advises a queue for audiences: they arrive in large waves."""
    dsr: Mode = "queued"


class Worker(Table):
    """The function that drains the queue in every region; mParticle does not wait for it."""

    memory_mb: Annotated[int, Field(ge=128, le=10_240)] = 512
    # the shortest leaves a second for work beside the one in which the worker reports
    timeout_seconds: Annotated[int, Field(ge=2, le=900)] = 30
    reserved_concurrency: Reservation = 100
    """`"unreserved"` shares the account's pool."""
    # docs.aws.amazon.com/lambda/latest/api/API_ScalingConfig.html
    maximum_concurrency: Annotated[int, Field(ge=2, le=1000)] = 100
    """Batches at work at once; at most the reservation, or Lambda throttles its own poller."""
    parallel: Annotated[int, Field(ge=1, le=100)] = 10
    """Messages of one batch that the integration works on at once."""
    attempts: Annotated[int, Field(ge=1, le=100)] = 12
    """Tries of a message that fails for now, over about 45 minutes unless your API says when.

    They bound the worker's loop over its own queue, where Lambda's detection of endless loops is
    off. 100 of them end within a day: 17 minutes of growing waits, then 90 of 15 minutes."""

    @field_validator("maximum_concurrency")
    @classmethod
    def _within_the_reservation(cls, maximum: int, info: ValidationInfo) -> int:
        reserved = info.data.get("reserved_concurrency")
        if isinstance(reserved, int) and maximum > reserved:
            raise refusal(f"at most the worker's reserved concurrency, {reserved}")
        return maximum

    @field_validator("reserved_concurrency")
    @classmethod
    def _enough_to_scale(cls, reserved: int | str) -> int | str:
        if isinstance(reserved, int) and reserved < 2:
            raise refusal("at least 2, the least that AWS takes as maximum concurrency")
        return reserved


class Queue(Table):
    """The queue of every region, and its dead-letter queue."""

    retention_days: Annotated[int, Field(ge=1, le=14)] = 4
    dead_letter_retention_days: Annotated[int, Field(ge=1, le=14)] = 14
    """At least `retention_days`: a message keeps its age when it moves."""
    max_receives: Annotated[int, Field(ge=1, le=1000)] = 6
    """After so many crashes over one message it goes to the dead-letter queue."""
    batch_size: Annotated[int, Field(ge=1, le=10)] = 10
    visibility_seconds: Annotated[int, Field(ge=1, le=LONGEST_VISIBILITY_SECONDS)] | None = None
    """Unset: six times the worker's timeout, the least that AWS advises."""

    @field_validator("dead_letter_retention_days")
    @classmethod
    def _outlives_the_queue(cls, days: int, info: ValidationInfo) -> int:
        retention = info.data.get("retention_days", 1)
        if days < retention:
            raise refusal(f"at least the queue's retention_days, {retention}")
        return days
