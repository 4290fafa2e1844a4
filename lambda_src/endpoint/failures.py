"""What it means that something failed: the one place that reads an integration's errors."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal, TypeAlias, cast

import msgspec

from firehose import (
    InvalidCredentials,
    MessageProcessor,
    RejectedMessage,
    Request,
    Response,
    RetryableError,
)

if TYPE_CHECKING:
    from types import TracebackType

Kind: TypeAlias = Literal["temporary", "unknown", "rejected", "credentials"]


class QueueError(Exception):
    """SQS did not do what it was asked; names the operation and the error, quotes no message."""


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """A failed request, in words that are safe in a log: the error is named, not quoted.

    Only what is `rejected` or for wrong `credentials` lasts; the rest is worth another try.
    `retry_after_seconds` is what the partner's service asked for, if it did: 0 to infinity.
    """

    kind: Kind
    error: str
    where: str
    retry_after_seconds: float | None = None

    @property
    def lasts(self) -> bool:
        """Whether the same message will always fail."""
        return self.kind in {"rejected", "credentials"}


class Overflowed(Failure, frozen=True, kw_only=True):
    """A failure for now whose message goes to the queue.

    `begun` tells whether the integration has seen it, so that it may reach the partner twice.
    """

    begun: bool


def process(integration: MessageProcessor, request: Request) -> Response | Failure:
    """Let the integration work; an error that it does not name as lasting may pass."""
    try:
        return integration.process(request)
    except Exception as error:
        return Failure(
            kind=_kind(error),
            error=type(error).__qualname__,
            where=_place(error),
            retry_after_seconds=_retry_after_seconds(error),
        )


def _kind(error: Exception) -> Kind:
    if isinstance(error, InvalidCredentials):
        return "credentials"
    if isinstance(error, RejectedMessage):
        return "rejected"
    return "temporary" if isinstance(error, RetryableError) else "unknown"


def _retry_after_seconds(error: Exception) -> float | None:
    """Give what the partner's code was told to wait; it may have taken anything for that."""
    seconds: object = error.retry_after_seconds if isinstance(error, RetryableError) else None
    if isinstance(seconds, int) or (isinstance(seconds, float) and not math.isnan(seconds)):
        return max(0, seconds)
    return None


def _place(error: Exception) -> str:
    """Name the line that raised, in the partner's code or what it called."""
    place = cast("TracebackType", error.__traceback__)  # it was caught, so it has one
    while place.tb_next:
        place = place.tb_next
    code = place.tb_frame.f_code
    file = "/".join(code.co_filename.split("/")[-2:])
    return f"{file}:{place.tb_lineno} in {code.co_name}"
