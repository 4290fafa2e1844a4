"""AWS without a network: botocore checks requests and parses answers by its own models."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, cast

import botocore.session
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.config import Config

Answer = Callable[[str, dict[str, Any]], dict[str, Any]]
"""Answers an operation with its input; raises `Refused` for an error of the service."""


class Refused(Exception):  # noqa: N818 - what the service does
    """The service answers with this error code, and quotes what it was asked."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class _Body:
    """The body of an answer, as botocore reads it."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self) -> list[bytes]:
        return [self._content]


def client(service: str, answer: Answer) -> Any:
    """Make a real client of a service that speaks JSON, with `answer` in the network's place."""

    def respond(request: AWSPreparedRequest, **_: object) -> AWSResponse:
        target = request.headers["X-Amz-Target"]
        operation = (target if isinstance(target, str) else target.decode()).partition(".")[2]
        body = request.body
        assert isinstance(body, bytes)
        try:
            return _response(200, answer(operation, json.loads(body)))
        except Refused as refused:
            error = {"__type": f"com.amazonaws#{refused.code}", "message": body.decode()}
            return _response(400, error)

    session = botocore.session.Session()
    session.set_credentials("AKIDEXAMPLE", "example")
    config = Config(retries={"total_max_attempts": 1})
    made = session.create_client(service, region_name="us-east-1", config=config)
    # the stubs do not know that such a handler may answer
    event = f"before-send.{made.meta.service_model.service_id.hyphenize()}"
    made.meta.events.register(event, cast("Any", respond))
    return made


def _response(status: int, content: dict[str, Any]) -> AWSResponse:
    headers = HTTPHeaders()
    headers["Content-Type"] = "application/x-amz-json-1.1"
    return AWSResponse("", status, headers, _Body(json.dumps(content).encode()))
