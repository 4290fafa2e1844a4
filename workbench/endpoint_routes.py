"""The endpoint over HTTP: hands requests to its code as API Gateway does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from endpoint.http_request import MESSAGE_TYPES
from workbench.gateway_event import GatewayEvent, gateway_event
from workbench.openapi_document import openapi

OPENAPI_PATH = "/openapi.json"
_LARGEST_BODY = 10 * 1024 * 1024  # docs.aws.amazon.com/apigateway, HTTP API quotas: payload size
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

AnswerEvent = Callable[[GatewayEvent], dict[str, Any]]
"""Answers a request as the function behind the HTTP API does."""


def endpoint_routes(
    answer: AnswerEvent, *, base_url: str, prefix: str, token: str | None
) -> list[BaseRoute]:
    """Route every path that nothing else has to the endpoint.

    `prefix` is that of the plan, empty or such as `/firehose`. `token` is added to requests that
    bring none, where none is asked for.
    """
    document = openapi(f"{base_url}{prefix}")

    async def describe(_request: Request) -> Response:
        return JSONResponse(document)

    async def pass_on(request: Request) -> Response:
        length = request.headers.get("content-length", "0")
        if "chunked" in request.headers.get("transfer-encoding", ""):
            return JSONResponse({"message": "Length Required"}, 411)
        if int(length) > _LARGEST_BODY:
            return JSONResponse({"message": "Request Entity Too Large"}, 413)
        event = _event(request, await request.body(), prefix)
        if token is not None:
            event["headers"].setdefault("authorization", f"Token {token}")
        answered = await run_in_threadpool(answer, event)
        return Response(answered["body"], answered["statusCode"], answered["headers"])

    return [
        Route(OPENAPI_PATH, describe, methods=["GET"]),
        Route("/{path:path}", pass_on, methods=list(_METHODS)),
    ]


def urls_of(base_url: str, prefix: str) -> dict[str, str]:
    """Give the URL of each path that mParticle posts to."""
    return {path: f"{base_url}{prefix}/{path}" for path in MESSAGE_TYPES}


def _event(request: Request, body: bytes, prefix: str) -> GatewayEvent:
    headers: dict[str, str] = {}
    for name, value in request.headers.items():  # in lower case; repeated ones are joined
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    path = request.url.path
    is_routed = path in {f"{prefix}/{name}" for name in MESSAGE_TYPES}
    return gateway_event(request.method, path, headers, body, is_routed=is_routed)
