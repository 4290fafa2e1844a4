"""Answer one request: read it, let the integration work, log the outcome, write the response."""

from __future__ import annotations

from typing import Any

from endpoint.log import RequestLog
from firehose import (
    AudienceMembershipChangeRequest,
    AudienceMembershipChangeResponse,
    InvalidCredentials,
    InvalidMessage,
    MessageProcessor,
    Request,
    Response,
    decode,
    to_dict,
)


class ProcessingError(Exception):
    """The integration raised; its error is named but not quoted, for it may quote a user."""


def answer(integration: MessageProcessor, event: object) -> dict[str, Any]:
    """Give the response to a request that arrived as parsed JSON.

    Raises `InvalidMessage` when it is no request, and `ProcessingError` when the integration
    raises; the texts of both are safe in a log.
    """
    log = RequestLog()
    try:
        request = _read(event)
    except InvalidMessage as error:
        log.message_type, log.message_id = error.message_type, error.message_id
        log.write("refused", error=f"InvalidMessage: {error.reason}", where=error.path)
        raise
    log.message_type, log.message_id = request.type, request.id
    log.account_id = _account_id(request)
    return to_dict(_process(integration, request, log))


def _read(event: object) -> Request:
    if not isinstance(event, dict):
        raise InvalidMessage(f"expected a JSON object, found {type(event).__name__}")
    message = decode(event)
    if isinstance(message, Request):
        return message
    raise InvalidMessage(
        "expected a request", path="$.type", message_id=message.id, message_type=message.type
    )


def _process(integration: MessageProcessor, request: Request, log: RequestLog) -> Response:
    try:
        response = integration.process(request)
    except Exception as error:
        name, where = type(error).__qualname__, _place(error)
        if isinstance(error, InvalidCredentials) and isinstance(
            request, AudienceMembershipChangeRequest
        ):
            log.write("suspended", error=name, where=where)
            return AudienceMembershipChangeResponse(id=request.id, suspend_subscription=True)
        log.write("failed", error=name, where=where)
        text = f"{name} at {where}, while processing {request.type} {request.id}"
        raise ProcessingError(text) from None
    log.write("answered")
    return response


def _account_id(request: Request) -> int | None:
    account = getattr(request, "account", None)  # a registration request has none
    return account.account_id if account else None


def _place(error: Exception) -> str:
    """Name the line that raised, in the partner's code or what it called."""
    place = error.__traceback__
    while place and place.tb_next:
        place = place.tb_next
    if place is None:
        return "an unknown place"
    code = place.tb_frame.f_code
    file = "/".join(code.co_filename.split("/")[-2:])
    return f"{file}:{place.tb_lineno} in {code.co_name}"
