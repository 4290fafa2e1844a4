"""The delivery tables of deployment.toml: what is queued, the queue, the worker that drains it."""

from __future__ import annotations

from typing import Annotated, Literal, cast, get_args

from pydantic import Field, ValidationInfo, field_validator

from plan import mparticle
from plan.fields import Reservation, Table
from plan.problems import refusal
from plan.quotas import LEAST_MEMORY_MB, LONGEST_CALL_SECONDS, MOST_MEMORY_MB

WORKER_HANDLER = "endpoint.worker.handler"
LONGEST_VISIBILITY_SECONDS = 43_200
"""docs.aws.amazon.com/AWSSimpleQueueService, SetQueueAttributes."""
VISIBILITY_TIMEOUTS = 6
"""docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html: at least six times the
function's timeout, so that a message is not handed out again while Lambda still retries."""

SPARE_RECEIVES = 20
"""Receives after which SQS itself moves a message, beyond those that the worker counts: of copies
that could not be stored, of batches that Lambda throttled."""

FamilyName = Literal["events", "audiences", "dsr"]
FAMILIES: tuple[FamilyName, ...] = get_args(FamilyName)
Mode = Literal["inline", "overflow", "queued"]


class Processing(Table):
    """Per message family: `inline` answers mParticle after the integration has done its work.

    `overflow` does so within a budget: what has not been done by then, or failed for now, is
    stored and acknowledged. `queued` answers once the message is stored. Left out with another
    artifact: inline.
    """

    events: Mode = "overflow"
    """Left out where the others are inline, and so without a queue: inline, too."""
    overflow_ms: Annotated[int, Field(ge=10, le=mparticle.LAMBDA_P99_MS - 20)] = 120
    """The budget of a call over the lambda transport; the rest of mParticle's 200 ms is for
    storing."""
    audiences: Mode = "queued"
    """mParticle advises a queue for audiences: they arrive in large waves."""
    dsr: Mode = "queued"

    def mode_of(self, family: FamilyName) -> Mode:
        """Give what a family is, whatever was left out."""
        has_no_queue = self.audiences == self.dsr == "inline"
        if family == "events" and has_no_queue and "events" not in self.model_fields_set:
            return "inline"
        return cast("Mode", getattr(self, family))


class DeliveryChoices(Table):
    """How queued messages reach the partner's API."""

    deduplicate: bool = False
    """Remember in a table what was delivered, for an API that cannot tell repetitions: two more
    calls of AWS for each message."""


class Worker(Table):
    """The function that drains the queue in every region; mParticle does not wait for it."""

    memory_mb: Annotated[int, Field(ge=LEAST_MEMORY_MB, le=MOST_MEMORY_MB)] = 512
    # the shortest leaves a second for work beside the one in which the worker settles the rest
    timeout_seconds: Annotated[int, Field(ge=2, le=LONGEST_CALL_SECONDS)] = 30
    reserved_concurrency: Reservation = 100
    """`"unreserved"` shares the account's pool."""
    # docs.aws.amazon.com/lambda/latest/api/API_ScalingConfig.html
    maximum_concurrency: Annotated[int, Field(ge=2, le=1000)] = 100
    """Batches at work at once; at most the reservation, or Lambda throttles its own poller."""
    parallel: Annotated[int, Field(ge=1, le=100)] = 10
    """Messages of one batch that the integration works on at once."""
    attempts: Annotated[int, Field(ge=1, le=100)] = 60
    """Tries of a message that fails for now, over more than 6 hours unless your API says when.

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
    max_receives: Annotated[int, Field(ge=1, le=1000 - SPARE_RECEIVES)] = 6
    """After so many breakdowns of a worker over one message alone it is a dead letter."""
    batch_size: Annotated[int, Field(ge=1, le=10)] = 10
    keep: bool = True
    """The queue and its worker stay though every family is inline: for what waits in the queue, and
    for the versions before, which `firehose rollback` can bring back. False once both are gone."""
    visibility_seconds: Annotated[int, Field(ge=1, le=LONGEST_VISIBILITY_SECONDS)] | None = None
    """Unset: six times the worker's timeout, the least that AWS advises."""

    @field_validator("dead_letter_retention_days")
    @classmethod
    def _outlives_the_queue(cls, days: int, info: ValidationInfo) -> int:
        retention = info.data.get("retention_days", 1)
        if days < retention:
            raise refusal(f"at least the queue's retention_days, {retention}")
        return days
