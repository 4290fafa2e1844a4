"""The bodies of an API as msgspec classes, and which field of an event each field gets."""

from __future__ import annotations

import json
import keyword
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, count

from console.exit_codes import UsageError
from workbench.partner_api.api_document import ApiDocument, Node

_KINDS = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}
_LONGEST_TEXT = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyField:
    """A field of a class: `wire` is its name in JSON, `python` in the class.

    `kind` is its type in Python without what makes it optional; `schema` what the document says.
    """

    wire: str
    python: str
    kind: str
    is_required: bool
    schema: Node = field(repr=False)

    @property
    def plain_kind(self) -> str:
        """Its type where it is not null."""
        return self.kind.removesuffix(" | None")


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyClass:
    """An object of the document as a class; `text` says what it is."""

    name: str
    text: str
    fields: tuple[BodyField, ...]


@dataclass(slots=True)
class BodyClasses:
    """The classes that a schema needs, inner ones first."""

    document: ApiDocument
    made: dict[str, BodyClass] = field(default_factory=dict)
    _names: dict[str | int, str] = field(default_factory=dict)

    def of_object(self, schema: Node, name: str) -> BodyClass:
        """Make the class of an object, named after its reference or its place; once for each."""
        return self.made[self._class_of(schema, name)]

    def _class_of(self, schema: Node, name: str) -> str:
        """Name the class of an object, also while that is being made."""
        key = schema.get("$ref", id(schema))
        if key not in self._names:
            self._names[key] = self._free_name(schema, name)
            self._make(schema, self._names[key])
        return self._names[key]

    def _make(self, schema: Node, name: str) -> None:
        merged = self.document.merged(schema)
        required = set(merged.get("required", ()))
        fields: list[BodyField] = []
        for wire, inner in merged.get("properties", {}).items():
            if not wire.isprintable() or set(wire) & set('"\\'):
                raise UsageError(
                    f"The OpenAPI document cannot be used: {name} has a field named {wire!a}",
                    next_step="mend the name, or choose another --operation",
                )
            taken = {it.python for it in fields}
            python = python_name(wire)
            while python in taken:
                python += "_"
            fields.append(
                self._field(wire, python, inner, owner=name, is_required=wire in required)
            )
        text = _one_line(str(merged.get("description") or merged.get("title") or ""))
        self.made[name] = BodyClass(
            name=name,
            text=text or f"`{name}` of the API.",
            fields=tuple(sorted(fields, key=lambda it: not it.is_required)),
        )

    def _field(
        self,
        wire: str,
        python: str,
        schema: Node,
        *,
        owner: str,
        is_required: bool,
    ) -> BodyField:
        resolved = self.document.merged(schema)
        kind = self._kind(schema, f"{owner}{class_name(wire)}")
        if "null" in _types(resolved) or resolved.get("nullable"):
            kind = f"{kind} | None" if kind != "Any" else kind
        return BodyField(
            wire=wire,
            python=python,
            kind=kind,
            is_required=is_required,
            schema=resolved,
        )

    def _kind(self, schema: Node, name: str) -> str:
        resolved = self.document.merged(schema)
        if choices := resolved.get("enum"):
            texts = [it for it in choices if isinstance(it, str)]
            whole = len(texts) == len([it for it in choices if it is not None])
            return f"Literal[{', '.join(map(quoted, texts))}]" if texts and whole else "Any"
        kinds = _types(resolved) - {"null"}
        kind = kinds.pop() if len(kinds) == 1 else ""
        if "properties" in resolved:
            return self._class_of(schema, name)
        if kind == "array":
            item = resolved.get("items", {})
            return f"list[{self._kind(item, f'{name}Item') if item else 'Any'}]"
        if kind == "object":
            return "dict[str, Any]"
        if kind == "string" and resolved.get("format") == "date-time":
            return "datetime"
        return _KINDS.get(kind, "Any")

    def _free_name(self, schema: Node, name: str) -> str:
        reference = str(schema.get("$ref", "")).rpartition("/")[2]
        wanted = class_name(reference or name)
        numbered = (f"{wanted}{number}" for number in count(2))
        return next(it for it in chain([wanted], numbered) if it not in self._names.values())


def quoted(text: str) -> str:
    """Write a text as Python does."""
    return json.dumps(text, ensure_ascii=False)


def class_name(text: str) -> str:
    """Make the name of a class: `track-event` gives `TrackEvent`."""
    words = re.findall(r"[A-Za-z0-9]+", text)
    name = "".join(word[:1].upper() + word[1:] for word in words)
    return name if name[:1].isalpha() and not keyword.iskeyword(name) else f"Body{name}"


def python_name(wire: str) -> str:
    """Make the name of a field: `eventId` gives `event_id`."""
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", wire)
    name = "_".join(word.lower() for word in words) or "field"
    if keyword.iskeyword(name) or not name[0].isalpha():
        return f"{name}_" if name[0].isalpha() else f"field_{name}"
    return name


def _types(schema: Node) -> set[str]:
    kinds = schema.get("type", ())
    return {kinds} if isinstance(kinds, str) else set(kinds)


def _one_line(text: str) -> str:
    """Give the beginning of a description as one sentence in which no code can hide."""
    words = re.sub(r'["\\]', "", " ".join(text.split()))
    sentence = re.split(r"(?<=[.!?])\s", words)[0][:_LONGEST_TEXT].strip()
    return f"{sentence.rstrip('.')}." if sentence else ""


def source_of(classes: BodyClasses, *, secret: set[tuple[str, str]]) -> Iterator[str]:
    """Write the classes; fields in `secret`, by class and wire name, hold people's ids."""
    for made in classes.made.values():
        yield f"\n\nclass {made.name}(msgspec.Struct, kw_only=True):"
        yield f'    """{made.text}"""\n'
        for one in made.fields:
            kind = "Secret" if (made.name, one.wire) in secret else one.kind
            yield f"    {one.python}: {_declared(one, kind)}"
        if not made.fields:
            yield "    pass"


def _declared(one: BodyField, kind: str) -> str:
    name = f"name={quoted(one.wire)}" if one.wire != one.python else ""
    if one.is_required:
        return f"{kind} = msgspec.field({name})" if name else kind
    optional = f"{kind} | msgspec.UnsetType" if kind != "Any" else "Any"
    default = f"msgspec.field(default=msgspec.UNSET, {name})" if name else "msgspec.UNSET"
    return f"{optional} = {default}"
