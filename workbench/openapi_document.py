"""The OpenAPI document of the HTTPS endpoint, made from its own tables and the message classes."""

from __future__ import annotations

from typing import Any

from endpoint.http_request import MESSAGE_TYPES, OPEN_PATH, largest_bytes
from firehose import PROTOCOL_VERSION, Message
from firehose.processor import MESSAGE_HOOKS
from workbench.message_schemas import TEMPLATE, message_schemas

_SUMMARIES = {
    "registration": "Say what the integration is and wants",
    "events": "Take a batch of events",
    "audiences": "Connect an audience, or take users who entered or left one",
    "dsr": "Take a data subject request",
}
# docs/delivery.md, "What mParticle sees when something fails".
_FAILURES = {
    400: "No message of this path, a body that is no JSON, or a message that is rejected for good",
    401: "The token is missing or wrong, or none is stored yet",
    404: "No such path; API Gateway answers it",
    405: "Not a POST",
    413: "The body has more than {largest} bytes",
    429: "Too many requests; API Gateway answers it",
    500: "The integration or the endpoint failed; mParticle tries again",
    503: "The queue, the integration or the token store cannot take the message now",
}
_OPEN_PATH_HAS_NO = frozenset({401})
_RETRY_AFTER = {
    "Retry-After": {
        "description": "Seconds; not there where API Gateway answers",
        "schema": {"type": "integer", "minimum": 1},
    }
}
_CHALLENGE = {"WWW-Authenticate": {"schema": {"type": "string", "enum": ["Token"]}}}
_HEADERS = {401: _CHALLENGE, 503: _RETRY_AFTER}
_FAILURE = {
    "type": "object",
    "title": "Failure",
    "description": "`id` is that of the message, where it could be read. API Gateway's own answers"
    " have `message` instead.",
    "properties": {
        "error": {"type": "string"},
        "id": {"type": "string", "format": "uuid"},
        "message": {"type": "string"},
    },
}


def openapi(base_url: str) -> dict[str, Any]:
    """Describe the endpoint below a base URL; `/` is the one that the document comes from."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "mParticle Firehose endpoint",
            "version": PROTOCOL_VERSION,
            "description": "What mParticle posts to an outbound partner, and what it is answered.",
        },
        "servers": [{"url": base_url}],
        "security": [{"token": []}],
        "paths": {f"/{path}": {"post": _operation(path)} for path in MESSAGE_TYPES},
        "components": {
            "schemas": dict(sorted((message_schemas() | {"Failure": _FAILURE}).items())),
            "securitySchemes": {
                "token": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "Authorization",
                    "description": "`Token ` and the token that mParticle generated",
                }
            },
        },
    }


def _operation(path: str) -> dict[str, Any]:
    pairs = [
        (request, response)
        for request, (_, response) in MESSAGE_HOOKS.items()
        if request.__struct_config__.tag in MESSAGE_TYPES[path]
    ]
    operation: dict[str, Any] = {
        "operationId": path,
        "summary": _SUMMARIES[path],
        "requestBody": {"required": True} | _content([request for request, _ in pairs]),
        "responses": {
            "200": {"description": "The response to the message, under its id"}
            | _content([response for _, response in pairs])
        },
    }
    for status, description in _FAILURES.items():
        if path != OPEN_PATH or status not in _OPEN_PATH_HAS_NO:
            text = description.format(largest=largest_bytes(path))
            operation["responses"][str(status)] = _failure(status, text)
    if path == OPEN_PATH:
        operation["security"] = []
    return operation


def _content(messages: list[type[Message]]) -> dict[str, Any]:
    references = [{"$ref": TEMPLATE.format(name=message.__name__)} for message in messages]
    schema = references[0] if len(references) == 1 else {"oneOf": references}
    return {"content": {"application/json": {"schema": schema}}}


def _failure(status: int, description: str) -> dict[str, Any]:
    schema = {"$ref": TEMPLATE.format(name="Failure")}
    response: dict[str, Any] = {
        "description": description,
        "content": {"application/json": {"schema": schema}},
    }
    return response | ({"headers": _HEADERS[status]} if status in _HEADERS else {})
