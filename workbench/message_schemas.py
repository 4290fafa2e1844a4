"""JSON Schemas of the messages, from the classes that read them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any, get_args, get_type_hints

import msgspec

from firehose import Instant, Message, Request, Secret
from firehose.batch import EventProcessingRequest
from firehose.codec import MESSAGES
from firehose.model import Otherwise, RawObject
from firehose.numeric import Amount
from firehose.vocabulary import Vocabulary

Schema = dict[str, Any]

TEMPLATE = "#/components/schemas/{name}"
_CUSTOM: dict[type, Schema] = {
    Secret: {"type": "string", "format": "password"},
    Instant: {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "number"}]},
    RawObject: {"type": "object"},
    Amount: {"type": "number"},
}
_GUID = {
    "type": "string",
    "format": "uuid",
    "pattern": "^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$",
}


def message_schemas() -> dict[str, Schema]:
    """Give the schema of every message and of what it consists of, by class name.

    Requests allow what the endpoint allows: fields, words and kinds of objects that are newer than
    this package. Responses are as this package writes them.
    """
    requests = _components([message for message in MESSAGES if issubclass(message, Request)])
    responses = _components([message for message in MESSAGES if not issubclass(message, Request)])
    opened = {name: _everywhere(schema, _opened) for name, schema in requests.items()}
    return responses | opened


def _components(messages: list[type[Message]]) -> dict[str, Schema]:
    _, components = msgspec.json.schema_components(
        messages, schema_hook=_custom, ref_template=TEMPLATE
    )
    for message in messages:
        components[message.__name__]["properties"]["id"] = _GUID
    return {name: _everywhere(schema, _mended) for name, schema in components.items()}


def _custom(kind: type) -> Schema:
    if kind in _CUSTOM:
        return _CUSTOM[kind]
    raise NotImplementedError(kind)


def _everywhere(schema: Any, change: Callable[[Schema], Schema]) -> Any:
    """Change every object of a schema, the inner ones first."""
    if isinstance(schema, list):
        return [_everywhere(item, change) for item in schema]
    if not isinstance(schema, Mapping):
        return schema
    return change({name: _everywhere(content, change) for name, content in schema.items()})


def _mended(schema: Schema) -> Schema:
    """Say docstrings without indents."""
    if isinstance(schema.get("description"), str):
        schema["description"] = inspect.cleandoc(schema["description"])
    return schema


def _opened(opened: Schema) -> Schema:
    """Allow what mParticle may add."""
    if opened.get("additionalProperties") is False:
        del opened["additionalProperties"]
    words = opened.get("enum", ())
    if opened.get("title") in _VOCABULARIES:
        del opened["enum"]
        return opened | {"type": "string", "minLength": 1, "examples": list(words)}
    kinds = frozenset(opened.get("discriminator", {}).get("mapping", ()))
    if kinds in _OPEN_FAMILIES:
        return {"anyOf": [opened, _newer_kind(kinds)]}
    return opened


def _newer_kind(kinds: frozenset[str]) -> Schema:
    return {
        "type": "object",
        "title": "A kind newer than this package",
        "required": ["type"],
        "properties": {"type": {"type": "string", "not": {"enum": sorted(kinds)}}},
    }


def _open_families() -> frozenset[frozenset[str]]:
    """Find the families of objects that have a class for kinds that are not known."""
    hints = get_type_hints(EventProcessingRequest, include_extras=True)
    families = set()
    for hint in hints.values():
        for part in (hint, *get_args(hint)):
            arguments = get_args(part)
            if len(arguments) == 2 and isinstance(arguments[1], Otherwise):
                kinds = get_args(arguments[0])
                families.add(frozenset(kind.__struct_config__.tag for kind in kinds))
    return frozenset(families)


_VOCABULARIES = frozenset(kind.__name__ for kind in Vocabulary.__subclasses__())
_OPEN_FAMILIES = _open_families()
