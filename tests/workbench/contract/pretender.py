"""Endpoints as functions from a message to an answer: a right one, and ways to be wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from endpoint.answering import answer
from firehose import InvalidMessage, decode
from plan.fields import TransportName
from probe.endpoint_answer import Body, EndpointAnswer, as_bytes, parsed
from probe.endpoint_check import Stage
from tests.workbench.contract.partner import Callless

Handler = Callable[[Any], Any]
"""Gets none for what is no JSON. Raises what is a function error, or status 400 over HTTPS."""


class Pretender:
    """See `probe.endpoint_answer.Endpoint`."""

    def __init__(self, handler: Handler, transport: TransportName) -> None:
        self.name = "pretender"
        self.transport = transport
        self._handler = handler

    def serves(self, message_type: str) -> bool:
        return True

    def send(self, body: Body, *, message_type: str) -> EndpointAnswer:
        status, content, error = HTTPStatus.OK, None, None
        try:
            content = json.loads(json.dumps(self._handler(parsed(as_bytes(body)))))
        except StatusError as raised:
            status, content, error = raised.status, {"error": "no"}, str(raised)
        except Exception as raised:
            status, error = HTTPStatus.BAD_REQUEST, f"{type(raised).__name__}: {raised}"
        if self.transport == "lambda":
            return EndpointAnswer(
                status=HTTPStatus.OK, content=content, milliseconds=1, error=error
            )
        return EndpointAnswer(status=status, content=content, milliseconds=1)


class StatusError(Exception):
    """What an endpoint over HTTPS answers instead of a response."""

    def __init__(self, status: HTTPStatus) -> None:
        self.status = status
        super().__init__(str(int(status)))


def stage(handler: Handler, transport: TransportName) -> Stage:
    """Make a stage without a service to steer."""
    return Stage(
        endpoint=Pretender(handler, transport), limit_ms=200, timeout_seconds=5, has_times=False
    )


def right(message: Any) -> Any:
    """Answer as the real endpoint does, over HTTPS with its statuses."""
    if len(json.dumps(message)) > 1_000_000:
        raise StatusError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return answer(Callless(), message)


def strict(message: Any) -> Any:
    """Refuse what is new, as the Java SDK does with types and words."""
    decode(message, strict=True)
    return right(message)


def takes_everything(message: Any) -> Any:
    """Take whatever comes for a good batch."""
    try:
        return right(message)
    except (InvalidMessage, StatusError):
        return right({"type": "event_processing_request"})


def repeats_everything(message: Any) -> Any:
    """Answer what is bad with a status that makes mParticle come again and again."""
    try:
        return right(message)
    except (InvalidMessage, StatusError, ValueError):
        raise StatusError(HTTPStatus.INTERNAL_SERVER_ERROR) from None


def of_another_pair(message: Any) -> Any:
    """Answer everything as if it were something else."""
    kind = "dsr" if message["type"].startswith("event") else "event"
    return right({"type": f"{kind}_processing_request", "id": message["id"]})


def needs_version(message: Any) -> Any:
    message["firehose_version"]
    return right(message)


def needs_events(message: Any) -> Any:
    if "events" in message:
        message["events"][0]
    return right(message)


def needs_users(message: Any) -> Any:
    if message["type"] == "audience_membership_change_request":
        message["user_profiles"][0]
    return right(message)


def needs_little(message: Any) -> Any:
    if len(json.dumps(message)) > 200_000:
        raise MemoryError
    return right(message)


def with_more(message: Any) -> Any:
    """Answer with fields that the protocol does not have, at the top and further down."""
    answered = right(message) | {"status": "ok"}
    for setting in answered.get("event_processing_registration", {}).get("account_settings", []):
        setting["placeholder"] = "abc"
    return answered


def refuses_as_unprocessable(message: Any) -> Any:
    """Refuse what is bad with a status of its own, which mParticle does not repeat."""
    try:
        return right(message)
    except (InvalidMessage, StatusError, ValueError):
        raise StatusError(HTTPStatus.UNPROCESSABLE_ENTITY) from None


def names_itself(message: Any) -> Any:
    """Answer with an id of its own, as the Java SDK does."""
    return right(message) | {"id": "00000000-0000-4000-8000-000000000000"}
