"""Writes messages as mParticle expects them: nothing empty, every number, exact decimals."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, get_type_hints

import msgspec

from firehose.instant import Instant
from firehose.model import Flag, Model, RawObject
from firehose.secret import Secret
from firehose.vocabulary import Vocabulary


class _WritingPlan(msgspec.Struct, frozen=True):
    """What writing one class takes."""

    fields: tuple[str, ...]
    flags: frozenset[str]
    """Fields that are written only when true."""


_plans: dict[type[Model], _WritingPlan] = {}


def as_json_values(model: Model) -> dict[str, Any]:
    """Return what goes on the wire, as dicts, lists, text, numbers (Decimal too) and booleans.

    Left out are None, empty text, empty lists and maps, and flags that are false; inside maps,
    entries without a value. Lists keep all their elements, and unknown fields return as they came.
    """
    kind = type(model)
    plan = _plans.get(kind) or _plan(kind)
    out: dict[str, Any] = {}
    _put(out, "type", model.type)
    for name in plan.fields:
        value = getattr(model, name)
        if value is not False or name not in plan.flags:
            _put(out, name, value)
    if unknown := model.__dict__.get("unknown_fields"):
        out.update(unknown)
    return out


def _plan(kind: type[Model]) -> _WritingPlan:
    hints = get_type_hints(kind, include_extras=True)
    names = kind.__struct_fields__
    plan = _plans[kind] = _WritingPlan(
        fields=names, flags=frozenset(name for name in names if hints[name] == Flag)
    )
    return plan


def _put(out: dict[str, Any], name: str, value: Any) -> None:
    """Write one field or map entry, unless it is empty."""
    if value is None:
        return
    if isinstance(value, dict):
        if written := _map(value):
            out[name] = written
    elif isinstance(value, list):
        if value:
            out[name] = [_element(item) for item in value]
    elif (written := _element(value)) != "":
        out[name] = written


def _map(entries: dict[Any, Any]) -> dict[str, Any]:
    if isinstance(entries, RawObject):
        return dict(entries)
    written: dict[str, Any] = {}
    for name, value in entries.items():
        _put(written, str(name), value)
    return written


def _element(value: Any) -> Any:
    """Write one value that stands for itself."""
    if isinstance(value, Model):
        return as_json_values(value)
    if isinstance(value, Secret):
        return value.reveal()
    if isinstance(value, Vocabulary):
        return value.value
    if isinstance(value, Instant):
        return str(value)
    if isinstance(value, float | Decimal):
        return _number(value)
    return value


def _number(value: float | Decimal) -> float | Decimal | str:
    """Write a number as it is, and as text if JSON has no number for it."""
    exact = Decimal(value)
    return value if exact.is_finite() else str(exact)
