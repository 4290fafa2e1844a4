"""One HTTP request: who asks, for what, and the status that makes mParticle do the right thing.

mParticle tries again after 408, 429, 500, 502, 503 and 504, and gives up after any other failure:
docs.mparticle.com/developers/partners/outbound-integrations.
"""

from __future__ import annotations

from typing import Any

import msgspec

from endpoint.acceptance import Acceptance
from endpoint.answering import ProcessingError, answer
from endpoint.failures import QueueError
from endpoint.http_request import OPEN_PATH, HttpRefusal, HttpRequest
from endpoint.log import RequestLog
from endpoint.tokens import Tokens, TokensUnavailableError
from firehose import InvalidMessage, MessageProcessor

RETRY_AFTER_SECONDS = 5
"""What mParticle is told to wait where nobody knows better."""
LONGEST_RETRY_AFTER_SECONDS = 86_400
"""What it is told at most, whatever the partner's code says; that may be infinity."""


class FrontDoor:
    """Answers HTTP requests. Registration is open; the rest needs a token that `tokens` has."""

    def __init__(
        self, integration: MessageProcessor, *, acceptance: Acceptance | None, tokens: Tokens
    ) -> None:
        self._integration = integration
        self._acceptance = acceptance
        self._tokens = tokens

    def answer(self, event: dict[str, Any]) -> dict[str, Any]:
        """Answer an event of API Gateway in its payload format 2.0; never raises.

        The body of a failure is `{"error": ..., "id": ...}`, the id that of the message if known.
        """
        try:
            request = HttpRequest.from_event(event)
            self._authenticate(request)
            content = answer(
                self._integration, request.content(), self._acceptance, types=request.types
            )
        except Exception as error:
            return _failed(refusal(error))
        return _response(200, content)

    def _authenticate(self, request: HttpRequest) -> None:
        if request.path == OPEN_PATH:
            return
        token = request.token()
        if token is not None and self._tokens.include(token):
            return
        hint = None if self._tokens.exist else "no token is stored yet: firehose token import FILE"
        raise HttpRefusal(401, "wrong or missing token", hint=hint)


def refusal(error: Exception) -> HttpRefusal:
    """Decide what mParticle is told about an error, and log what nobody has logged yet."""
    if isinstance(error, InvalidMessage):
        return HttpRefusal(400, f"{error.path}: {error.reason}", message_id=error.message_id)
    if isinstance(error, ProcessingError):
        return _refusal_of_integration(error)
    if isinstance(error, QueueError):
        return HttpRefusal(503, "the message was not stored", retry_after=RETRY_AFTER_SECONDS)
    if isinstance(error, HttpRefusal):
        _log(error.hint or error.reason)
        return error
    if isinstance(error, TokensUnavailableError):
        _log(str(error))
        return HttpRefusal(503, "the token cannot be checked", retry_after=RETRY_AFTER_SECONDS)
    _log(type(error).__qualname__)
    return HttpRefusal(500, "the endpoint failed")


def _refusal_of_integration(error: ProcessingError) -> HttpRefusal:
    failure = error.failure
    if failure.lasts:
        return HttpRefusal(400, "the message is rejected", message_id=error.message_id)
    if failure.kind == "unknown":
        return HttpRefusal(500, "the integration failed", message_id=error.message_id)
    seconds = failure.retry_after_seconds
    return HttpRefusal(
        503,
        "the integration cannot take the message now",
        message_id=error.message_id,
        retry_after=RETRY_AFTER_SECONDS
        if seconds is None
        else max(1, round(min(seconds, LONGEST_RETRY_AFTER_SECONDS))),
    )


def _failed(refused: HttpRefusal) -> dict[str, Any]:
    content = {"error": refused.reason}
    if refused.message_id:
        content["id"] = refused.message_id
    response = _response(refused.status, content)
    if refused.retry_after is not None:
        response["headers"]["Retry-After"] = str(refused.retry_after)
    if refused.status == 401:
        response["headers"]["WWW-Authenticate"] = "Token"
    return response


def _response(status: int, content: dict[str, Any]) -> dict[str, Any]:
    return {
        "statusCode": status,
        "headers": {"Content-Type": "application/json;charset=utf-8"},
        "body": msgspec.json.encode(content).decode(),
    }


def _log(reason: str) -> None:
    RequestLog().write("refused", error=reason)
