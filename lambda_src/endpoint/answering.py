"""Answer one request: read it, queue it or let the integration work, log the outcome."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING

from endpoint.failures import Failure, QueueError, process
from endpoint.families import acknowledgement, family_of
from endpoint.log import RequestLog, account_id
from endpoint.plugin import load_integration
from endpoint.settings import Settings
from firehose import (
    AudienceMembershipChangeRequest,
    AudienceMembershipChangeResponse,
    InvalidMessage,
    MessageProcessor,
    Request,
    Response,
    decode,
)

if TYPE_CHECKING:
    from endpoint.queue import MessageQueue

LARGEST_QUEUED_BYTES = 1_047_552
"""1 MiB, the most that SQS takes, less 1 KiB for a message's attributes."""


class ProcessingError(Exception):
    """The integration raised; its error is named but not quoted, for it may quote a user."""

    def __init__(self, failure: Failure, request: Request) -> None:
        self.failure = failure
        super().__init__(
            f"{failure.error} at {failure.where}, while processing {request.type} {request.id}"
        )


class Endpoint:
    """What stands behind every front door: made once per process, asked for every request.

    `queue` takes the families that `queued` names; the integration everything else, and a message
    that the queue would not take.
    """

    def __init__(
        self,
        integration: MessageProcessor,
        *,
        queued: Collection[str] = (),
        queue: MessageQueue | None = None,
    ) -> None:
        self._integration = integration
        self._queued = queued
        self._queue = queue

    def answer(self, content: object, original: Callable[[], str]) -> Response:
        """Give the response to a request; `original` is its JSON text, asked for if it is queued.

        Raises `InvalidMessage` when it is no request, `ProcessingError` when the integration
        raises and `QueueError` when the queue fails; the texts of all are safe in a log.
        """
        log = RequestLog()
        try:
            request = read(content)
        except InvalidMessage as error:
            log.message_type, log.message_id = error.message_type, error.message_id
            log.write("refused", error=f"InvalidMessage: {error.reason}", where=error.path)
            raise
        log.about(request)
        if self._queue is not None and family_of(request) in self._queued:
            body = original()
            if len(body.encode()) <= LARGEST_QUEUED_BYTES:
                return _accept(self._queue, request, body, log)
        return _inline(self._integration, request, log)


def endpoint_from(environment: Mapping[str, str]) -> Endpoint:
    """Make the endpoint that the environment describes, with everything it keeps open."""
    settings = Settings.from_environment(environment)
    queue = None
    if settings.queued:
        from endpoint.queue import queue_at  # noqa: PLC0415 - mParticle waits for what this loads

        queue = queue_at(settings.queue_url, environment)
    return Endpoint(load_integration(settings.integration), queued=settings.queued, queue=queue)


def read(content: object) -> Request:
    """Read a request from JSON text or what it was parsed into; raises `InvalidMessage`."""
    if not isinstance(content, bytes | str | dict):
        raise InvalidMessage(f"expected a JSON object, found {type(content).__name__}")
    message = decode(content)
    if isinstance(message, Request):
        return message
    raise InvalidMessage(
        "expected a request", path="$.type", message_id=message.id, message_type=message.type
    )


def _accept(queue: MessageQueue, request: Request, body: str, log: RequestLog) -> Response:
    try:
        queue.send(body, group=group_of(request))
    except QueueError as error:
        log.write("failed", error=f"QueueError: {error}")
        raise
    log.write("accepted")
    return acknowledgement(request)


def group_of(request: Request) -> str:
    """Name the customer whose backlog must not delay that of others."""
    return str(account_id(request) or "none")


def _inline(integration: MessageProcessor, request: Request, log: RequestLog) -> Response:
    outcome = process(integration, request)
    if isinstance(outcome, Response):
        log.write("answered")
        return outcome
    if outcome.kind == "credentials" and isinstance(request, AudienceMembershipChangeRequest):
        log.write("suspended", error=outcome.error, where=outcome.where)
        return AudienceMembershipChangeResponse(id=request.id, suspend_subscription=True)
    log.write("failed", error=outcome.error, where=outcome.where)
    raise ProcessingError(outcome, request)
