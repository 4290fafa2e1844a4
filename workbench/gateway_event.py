"""Events as API Gateway makes them of HTTP requests, in its payload format 2.0."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

GatewayEvent = dict[str, Any]


def gateway_event(
    method: str, path: str, headers: Mapping[str, str], body: bytes, *, is_routed: bool = True
) -> GatewayEvent:
    """Make the event of a request; `is_routed` tells whether its path is one of the endpoint's.

    Names of headers are in lower case, each once.
    """
    event: GatewayEvent = {
        "version": "2.0",
        "routeKey": f"{method} {path}" if is_routed else "$default",
        "rawPath": path,
        "headers": dict(headers),
        "requestContext": {"http": {"method": method, "path": path}},
    }
    try:
        return event | {"body": body.decode(), "isBase64Encoded": False}
    except UnicodeDecodeError:
        return event | {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}


def posted(path: str, content: bytes, *, token: str) -> GatewayEvent:
    """Make the event of a message that mParticle posts."""
    headers = {"content-type": "application/json", "authorization": f"Token {token}"}
    return gateway_event("POST", path, headers, content)


def body_of(event: GatewayEvent) -> bytes:
    """Give the body, as it was sent."""
    body: str = event["body"]
    return base64.b64decode(body) if event["isBase64Encoded"] else body.encode()
