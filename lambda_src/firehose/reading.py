"""Reads parsed JSON into messages, object by object, where msgspec's decoder gives up.

msgspec reads clean messages at C speed and refuses the rest. This reader follows the same classes
and their type annotations, but forgives: see `coercion` for values; new fields and types are kept,
missing objects in lists are skipped. Its strict form refuses each departure with its path.
"""

from __future__ import annotations

import operator
import types
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

import msgspec
from msgspec import structs

from firehose.coercion import (
    STRICT,
    TOLERANT,
    Convert,
    Refusal,
    expected,
    known_word_of,
    word_of,
)
from firehose.errors import is_type_name
from firehose.model import DEEPEST_NESTING, Model, Otherwise, RawObject, is_nested_deeper
from firehose.secret import Secret
from firehose.vocabulary import Vocabulary

M = TypeVar("M", bound=Model)

_TYPE = "type"
_TEXTS: frozenset[Any] = frozenset({str, Secret})
"""Of these blanks are a value; for anything else they say that there is none."""

# What msgspec does not know (Secret, Instant, RawObject) is made by calling the class, which
# `operator.call` does without a Python frame.
make_custom = operator.call


class _Plan(msgspec.Struct, frozen=True):
    """What reading one class takes."""

    fields: dict[str, Convert]
    required: tuple[str, ...]


class Reader:
    """Reads objects of any class of the protocol. Plans are made once per class, when needed."""

    def __init__(self, *, strict: bool) -> None:
        self._strict = strict
        self._converters: dict[Any, Convert] = dict(STRICT if strict else TOLERANT)
        self._plans: dict[type[Model], _Plan] = {}

    def read(self, model: type[M], data: Any, *, keep_unreadable: bool = False) -> M:
        """Read one object, or raise a Refusal.

        With `keep_unreadable`, a field that has another shape than expected is kept as unknown.
        """
        if not isinstance(data, dict):
            raise expected("an object", data)
        plan = self._plans.get(model) or self._plan(model)
        values: dict[str, Any] = {}
        unknown: dict[str, Any] = {}
        for name, value in data.items():
            convert = plan.fields.get(name)
            if convert is None:
                unknown[name] = value
                continue
            try:
                values[name] = convert(value)
            except (Refusal, ValueError, ArithmeticError) as error:
                if not keep_unreadable:
                    raise _refusal(error).within(f".{name}") from None
                unknown[name] = value
        return self._build(model, plan, values, unknown)

    def _read_inner(self, model: type[M], data: Any) -> M:
        """Read an object inside another, at C speed if it is not the odd one."""
        if not self._strict:
            try:
                return msgspec.convert(data, model, dec_hook=make_custom)
            except (ValueError, TypeError, RecursionError):
                pass  # so that what msgspec says, which quotes values, is no context of ours
        return self.read(model, data)

    def _build(
        self, model: type[M], plan: _Plan, values: dict[str, Any], unknown: dict[str, Any]
    ) -> M:
        if model.__struct_config__.tag is not None:
            unknown.pop(_TYPE, None)
        if unknown:
            self._check_unknown(unknown)
        for name in plan.required:
            if name not in values:
                raise Refusal("is missing", f".{name}")
        try:
            built = model(**values)
        except ValueError as error:  # a rule of the class itself, told in its own safe words
            raise Refusal(str(error)) from None
        if unknown:
            built.unknown_fields.update(unknown)
        return built

    def _check_unknown(self, fields: dict[str, Any]) -> None:
        for name in fields:
            if self._strict or not isinstance(name, str):
                raise Refusal("is not a known field", f".{name}" if is_type_name(name) else ".*")
        if is_nested_deeper(fields, DEEPEST_NESTING + 1):
            raise Refusal("has unknown fields that are nested too deep")

    def _plan(self, model: type[Model]) -> _Plan:
        hints = get_type_hints(model, include_extras=True)
        plan = self._plans[model] = _Plan(
            fields={name: self._converter(hints[name]) for name in model.__struct_fields__},
            required=tuple(field.name for field in structs.fields(model) if field.required),
        )
        return plan

    def _converter(self, hint: Any) -> Convert:
        if (known := self._converters.get(hint)) is None:
            known = self._converters[hint] = self._make_converter(hint)
        return known

    def _make_converter(self, hint: Any) -> Convert:
        origin, arguments = get_origin(hint), get_args(hint)
        if origin is None:
            return self._of_class(hint)
        if origin is Annotated:
            return self._family(get_args(arguments[0]), otherwise=arguments[1])
        if origin is list:
            return self._list(arguments[0])
        if origin is dict:
            return self._map(*arguments)
        return self._choice(arguments)

    def _of_class(self, kind: Any) -> Convert:
        if issubclass(kind, Vocabulary):
            return known_word_of(kind) if self._strict else word_of(kind)
        if issubclass(kind, RawObject):
            return _raw
        if kind.__struct_config__.tag is not None:
            return self._family((kind,))
        return lambda value: self._read_inner(kind, value)

    def _family(
        self, members: tuple[type[Model], ...], otherwise: Otherwise | None = None
    ) -> Convert:
        """Make a reader of objects that name their class in `type`."""
        by_type = {member.__struct_config__.tag: member for member in members}

        def convert(value: Any) -> Model:
            if not isinstance(value, dict):
                raise expected("an object", value)
            kind = value.get(_TYPE)
            if member := by_type.get(kind if isinstance(kind, str) else None):
                return self._read_inner(member, value)
            if self._strict or otherwise is None:
                raise Refusal("is not a known type", f".{_TYPE}")
            if isinstance(kind, dict | list):
                raise expected("text", kind).within(f".{_TYPE}")
            return self.read(otherwise.unknown, value, keep_unreadable=True)

        return convert

    def _choice(self, options: tuple[Any, ...]) -> Convert:
        """Make a reader of `X | None`, of a family, or of text or a list."""
        present = [option for option in options if option is not types.NoneType]
        if len(present) == len(options):
            return self._family(options)
        is_text = not _TEXTS.isdisjoint(present)
        lists = [self._converter(option) for option in present if get_origin(option) is list]
        plain = self._converter(present[0])

        def convert(value: Any) -> Any:
            if value is None or (not is_text and not self._strict and _is_blank(value)):
                return None
            return (lists[0] if lists and isinstance(value, list) else plain)(value)

        return convert

    def _list(self, hint: Any) -> Convert:
        element = self._converter(hint)
        keeps_null = types.NoneType in get_args(hint)

        def convert(value: Any) -> list[Any]:
            if value is None and not self._strict:
                return []
            if not isinstance(value, list):
                raise expected("a list", value)
            elements = []
            for index, item in enumerate(value):
                if item is None and not keeps_null and not self._strict:
                    continue
                try:
                    elements.append(element(item))
                except (Refusal, ValueError, ArithmeticError) as error:
                    raise _refusal(error).within(f"[{index}]") from None
            return elements

        return convert

    def _map(self, key_hint: Any, value_hint: Any) -> Convert:
        key, element = self._converter(key_hint), self._converter(value_hint)

        def convert(value: Any) -> dict[Any, Any]:
            if value is None and not self._strict:
                return {}
            if not isinstance(value, dict):
                raise expected("an object", value)
            try:
                return {_name(key, name): element(item) for name, item in value.items()}
            except (Refusal, ValueError, ArithmeticError) as error:
                raise _refusal(error).within(".*") from None  # a name can be the customer's data

        return convert


def _is_blank(value: Any) -> bool:
    return isinstance(value, str) and not value.strip()


def _raw(value: Any) -> RawObject:
    if not isinstance(value, dict):
        raise expected("an object", value)
    return RawObject(value)


def _name(key: Convert, name: Any) -> Any:
    if not isinstance(name, str):
        raise Refusal("has a name that is not text")
    return key(name)


def _refusal(error: Exception) -> Refusal:
    return error if isinstance(error, Refusal) else Refusal("is not in a readable form")
