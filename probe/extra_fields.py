"""Fields of an answer that the protocol does not have: mParticle's reader passes over them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from firehose import Message, decode
from firehose.model import Model
from probe.endpoint_answer import Json


def without_extra_fields(answer: Json) -> tuple[Json, list[str]]:
    """Part an answer from what the protocol does not have; give the paths of that, too.

    Raises `InvalidMessage` for what is no message at all.
    """
    message: Message = decode(answer)
    return _known(message, answer), list(_extra(message, answer, "$"))


def _extra(model: Model, content: Json, path: str) -> Iterator[str]:
    for name, value in content.items():
        here = f"{path}.{name}"
        if name in model.unknown_fields:
            yield here
        for number, (inner, part) in enumerate(_parts(model, name, value)):
            place = f"{here}[{number}]" if isinstance(value, list) else here
            yield from _extra(inner, part, place)


def _known(model: Model, content: Json) -> Json:
    known: Json = {}
    for name, value in content.items():
        if name in model.unknown_fields:
            continue
        parts = [_known(inner, part) for inner, part in _parts(model, name, value)]
        if parts:
            known[name] = parts if isinstance(value, list) else parts[0]
        else:
            known[name] = value
    return known


def _parts(model: Model, name: str, value: Any) -> list[tuple[Model, Json]]:
    """Give the objects of a field, as they were read and as they came."""
    read = getattr(model, name, None)
    if isinstance(read, Model) and isinstance(value, dict):
        return [(read, value)]
    if not (isinstance(read, list) and isinstance(value, list) and len(read) == len(value)):
        return []
    pairs = list(zip(read, value, strict=True))
    are_objects = all(isinstance(it, Model) and isinstance(part, dict) for it, part in pairs)
    return pairs if are_objects else []
