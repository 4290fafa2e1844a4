"""An HTTP server on loopback that hands requests to the endpoint as API Gateway does."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from endpoint.front_door import FrontDoor
from endpoint.http_request import MESSAGE_TYPES
from firehose import TimeLimit
from firehose.errors import is_type_name, is_uuid
from local.loopback_server import LoopbackHandler, LoopbackServer

OPENAPI_PATH = "/openapi.json"
_LARGEST_BODY = 10 * 1024 * 1024  # docs.aws.amazon.com/apigateway, HTTP API quotas: payload size
_IDLE_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredRequest:
    """One request that was answered; nothing of its body but its type and id."""

    method: str
    path: str
    status: int
    message_type: str
    message_id: str
    milliseconds: float


class EndpointServer(LoopbackServer):
    """The server. `token` is added to requests that bring none, where none is asked for.

    The integration is told that it may work for `timeout_seconds` on each.
    """

    def __init__(
        self,
        door: FrontDoor,
        *,
        timeout_seconds: int,
        port: int,
        prefix: str,
        document: Callable[[str], dict[str, Any]],
        token: str | None,
        answered: Callable[[AnsweredRequest], None],
    ) -> None:
        super().__init__(_Request, port=port)
        self.door = door
        self.timeout_seconds = timeout_seconds
        self.prefix = f"/{prefix}" if prefix else ""
        self.document = json.dumps(document(self.base_url)).encode()
        self.token = token
        self.answered = answered

    @property
    def base_url(self) -> str:
        """The base of the URLs that mParticle would be given."""
        return f"{self.url}{self.prefix}"

    @property
    def urls(self) -> dict[str, str]:
        """The URL of each path."""
        return {path: f"{self.base_url}/{path}" for path in MESSAGE_TYPES}


class _Request(LoopbackHandler):
    timeout = _IDLE_SECONDS
    server: EndpointServer

    def answer(self) -> None:
        started = time.perf_counter()
        if self.command == "GET" and self.path == OPENAPI_PATH:
            self.send(200, {"Content-Type": "application/json"}, self.server.document)
            return
        body = self._body()
        if body is None:
            return
        with TimeLimit(self.server.timeout_seconds):
            response = self.server.door.answer(self._event(body))
        content: str = response["body"]
        self.send(response["statusCode"], response["headers"], content.encode())
        kind, message_id = _named(body)
        self.server.answered(
            AnsweredRequest(
                method=self.command,
                path=self.path.partition("?")[0],
                status=response["statusCode"],
                message_type=kind,
                message_id=message_id,
                milliseconds=(time.perf_counter() - started) * 1000,
            )
        )

    def _body(self) -> bytes | None:
        """Read the body; answers itself, with none, what API Gateway would not let through."""
        length = self.headers.get("Content-Length", "0")
        if "chunked" in self.headers.get("Transfer-Encoding", "") or not length.isdigit():
            self._refuse(411, "Length Required")
            return None
        if int(length) > _LARGEST_BODY:
            self._refuse(413, "Request Entity Too Large")
            return None
        return self.rfile.read(int(length))

    def _refuse(self, status: int, message: str) -> None:
        self.close_connection = True  # the body is still on the line
        self.send(status, {"Connection": "close"}, json.dumps({"message": message}).encode())

    def _event(self, body: bytes) -> dict[str, Any]:
        """Make the event of an HTTP API, payload format 2.0."""
        headers: dict[str, str] = {}
        for name, value in self.headers.items():
            before = headers.get(name.lower())
            headers[name.lower()] = value if before is None else f"{before},{value}"
        if self.server.token is not None:
            headers.setdefault("authorization", f"Token {self.server.token}")
        path = self.path.partition("?")[0]
        ours = path in {f"{self.server.prefix}/{name}" for name in MESSAGE_TYPES}
        event = {
            "version": "2.0",
            "routeKey": f"{self.command} {path}" if ours else "$default",
            "rawPath": path,
            "headers": headers,
            "requestContext": {"http": {"method": self.command, "path": path}},
        }
        try:
            return event | {"body": body.decode(), "isBase64Encoded": False}
        except UnicodeDecodeError:
            return event | {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}


def _named(body: bytes) -> tuple[str, str]:
    """Give type and id of a message, each empty where it has none that looks like one."""
    try:
        content = json.loads(body)
    except ValueError:
        return "", ""
    if not isinstance(content, dict):
        return "", ""
    kind, message_id = content.get("type"), content.get("id")
    return (kind if is_type_name(kind) else ""), (message_id if is_uuid(message_id) else "")
