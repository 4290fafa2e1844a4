"""Answer one request: read it, queue it or let the integration work, log the outcome."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec

from endpoint.acceptance import Acceptance
from endpoint.failures import Failure, process
from endpoint.families import acknowledgement
from endpoint.log import RequestLog
from firehose import (
    AudienceMembershipChangeRequest,
    AudienceMembershipChangeResponse,
    InvalidMessage,
    Message,
    MessageProcessor,
    Request,
    Response,
    decode,
    to_dict,
)


class ProcessingError(Exception):
    """The integration raised; its error is named but not quoted, for it may quote a user."""

    def __init__(self, failure: Failure, request: Request) -> None:
        self.failure = failure
        self.message_id = request.id
        super().__init__(
            f"{failure.error} at {failure.where}, while processing {request.type} {request.id}"
        )


def answer(
    integration: MessageProcessor,
    content: object,
    acceptance: Acceptance | None = None,
    *,
    types: Collection[str] | None = None,
) -> dict[str, Any]:
    """Give the response to a request that arrived as JSON bytes, or as what they parse into.

    With `types`, a request of another type is refused, as a rule before the rest of it is read.

    Raises `InvalidMessage` when it is no request, `ProcessingError` when the integration raises
    and `QueueError` when the queue fails; the texts of all are safe in a log.
    """
    log = RequestLog()
    try:
        content = _json(content)
        if types is not None and isinstance(content, bytes):
            _refuse_others(_envelope_of(content), types)
        request = read(content)
        if types is not None:
            _refuse_others(request, types)
    except InvalidMessage as error:
        log.message_type, log.message_id = error.message_type, error.message_id
        log.write("refused", error=f"InvalidMessage: {error.reason}", where=error.path)
        raise
    log.about(request)
    if acceptance is None:
        return to_dict(_concluded(process(integration, request), request, log))
    outcome = acceptance.accept(integration, request, content, log)
    return to_dict(_concluded(outcome, request, log) if outcome else acknowledgement(request))


def read(content: bytes | dict[str, Any]) -> Request:
    """Read a request. Raises `InvalidMessage` when it is none."""
    message = decode(content)
    if isinstance(message, Request):
        return message
    raise _refused_type("expected a request", message)


class _Envelope(msgspec.Struct):
    """What tells whether a message belongs here; the rest is passed over, not read."""

    type: str
    id: str = ""


_envelope_decoder = msgspec.json.Decoder(_Envelope)


def _envelope_of(content: bytes) -> _Envelope | None:
    """Peek at a message; none when it has no such envelope, and `read` will say why."""
    try:
        return _envelope_decoder.decode(content)
    except (ValueError, RecursionError):
        return None


def _refuse_others(message: Message | _Envelope | None, types: Collection[str]) -> None:
    if message and message.type not in types:
        raise _refused_type("does not belong to this path", message)


def _refused_type(reason: str, message: Message | _Envelope) -> InvalidMessage:
    return InvalidMessage(reason, path="$.type", message_id=message.id, message_type=message.type)


def _json(content: object) -> bytes | dict[str, Any]:
    if isinstance(content, bytes | dict):
        return content
    raise InvalidMessage(f"expected a JSON object, found {type(content).__name__}")


def _concluded(outcome: Response | Failure, request: Request, log: RequestLog) -> Response:
    if isinstance(outcome, Response):
        log.write("answered")
        return outcome
    if outcome.kind == "credentials" and isinstance(request, AudienceMembershipChangeRequest):
        log.write("suspended", error=outcome.error, where=outcome.where)
        return AudienceMembershipChangeResponse(id=request.id, suspend_subscription=True)
    log.write("failed", error=outcome.error, where=outcome.where)
    raise ProcessingError(outcome, request)
