"""What an API's field is filled with, by its name and type: an id, a time, a person."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from workbench.partner_api.typed_bodies import BodyClass, BodyClasses, BodyField, quoted

Owner = Literal["event", "request"]
"""What a class tells of: one event, or the whole batch."""

_IDS = {"id", "eventid", "messageid", "uuid", "eventuuid", "insertid", "dedupeid", "requestid",
        "deduplicationid", "batchid", "transactionid"}  # fmt: skip
_TYPES = {"type", "kind", "eventtype", "eventkind", "category"}
_NAMES = {"name", "event", "eventname", "action", "title"}
_TIMES = {"time", "timestamp", "at", "ts", "date", "datetime", "occurredat", "createdat", "sentat",
          "happenedat", "eventtime", "eventtimestamp", "timestampms", "atms", "timems"}  # fmt: skip
_PEOPLE = {"userid", "user", "customerid", "customer", "externalid", "externaluserid", "contactid",
           "subscriberid", "profileid", "memberid", "personid", "distinctid"}  # fmt: skip
_ADDRESSES = {"email", "emailaddress", "useremail"}
_ATTRIBUTES = {"properties", "attributes", "data", "metadata", "params", "parameters", "custom",
               "customattributes", "eventproperties", "eventdata"}  # fmt: skip
_OF_BOTH = ((_IDS, "str", "{owner}.id"),)
_OF_EVENTS = (
    (_TYPES, "str", "event.type"),
    (_NAMES, "str", "_name(event)"),
    (_ATTRIBUTES, "dict[str, Any]", "_attributes(event)"),
)
"""Names, the type of the field, and what it is filled with."""
_SECONDS = re.compile(r"(?<!milli)second|unix|epoch", re.IGNORECASE)
_MILLISECONDS = re.compile(r"milli|ms\b", re.IGNORECASE)

_WHEN = "datetime.fromtimestamp({owner}.timestamp_ms / 1000, UTC)"
DECIDE = "  # yours to decide: nothing of mParticle's has this name"


@dataclass(slots=True)
class FieldSources:
    """Writes the arguments that fill classes in, and remembers which people's ids they need.

    `secret` has the fields that hold ids of people, by class and name in JSON; `people` the kinds
    of ids, `CUSTOMER` or `EMAIL`, and whether a field that has to be there is filled with one.
    """

    classes: BodyClasses
    secret: set[tuple[str, str]] = field(default_factory=set)
    people: dict[str, bool] = field(default_factory=dict)
    _within: list[str] = field(default_factory=list)
    """The classes that are being filled in, the inner ones last."""

    def arguments(
        self, made: BodyClass, owner: Owner, given: Mapping[str, str] = MappingProxyType({})
    ) -> Iterator[str]:
        """Give the argument of each field that is known by its name, or has to be there.

        `given` has what fields are filled with whatever they are called, by name in JSON.
        """
        self._within.append(made.name)
        for one in made.fields:
            source = given.get(one.wire) or self._known(made, one, owner)
            if source:
                yield f"{one.python}={source},"
            elif one.is_required:
                yield f"{one.python}={self._made_up(one, owner)},{DECIDE}"
        self._within.pop()

    def _known(self, made: BodyClass, one: BodyField, owner: Owner) -> str | None:
        if one.plain_kind == "str" and _plain(one.wire) in _PEOPLE | _ADDRESSES:
            return self._person(made, one, is_address=_plain(one.wire) in _ADDRESSES)
        inner = self.classes.made.get(one.plain_kind)
        is_itself = inner is not None and inner.name in self._within
        if inner and not (one.is_required or is_itself) and _is_worth_filling(inner, owner):
            return self._constructed(inner, owner)
        return _fact(one, owner)

    def _person(self, made: BodyClass, one: BodyField, *, is_address: bool) -> str:
        self.secret.add((made.name, one.wire))
        what = "EMAIL" if is_address else "CUSTOMER"
        self.people[what] = one.is_required or self.people.get(what, False)
        kind = f"UserIdentityType.{what}"
        if one.is_required:
            return f"_required(request, {kind})"
        return f"_person(request, {kind}) or msgspec.UNSET"

    def _made_up(self, one: BodyField, owner: Owner) -> str:
        schema, kind = one.schema, one.plain_kind
        for key in ("const", "default", "example"):
            if _fits(schema.get(key), kind):
                return _literal(schema[key])
        if kind.startswith("Literal["):
            return quoted(next(it for it in schema["enum"] if isinstance(it, str)))
        if inner := self.classes.made.get(kind):
            return self._constructed(inner, owner)
        if kind.startswith("list["):
            return "[]"
        return {
            "str": quoted("-" * max(1, int(schema.get("minLength", 1)))),
            "int": str(schema.get("minimum", 0)),
            "float": str(float(schema.get("minimum", 0))),
            "bool": "False",
            "datetime": _WHEN.format(owner=owner),
            "dict[str, Any]": "{}",
        }.get(kind, "None")

    def _constructed(self, made: BodyClass, owner: Owner) -> str:
        arguments = " ".join(line.removesuffix(DECIDE) for line in self.arguments(made, owner))
        return f"bodies.{made.name}({arguments})"


def _is_worth_filling(made: BodyClass, owner: Owner) -> bool:
    """Whether something is known of an object that may be left out, and nothing is made up."""
    known = [one for one in made.fields if _fact(one, owner)]
    return bool(known) and all(one in known for one in made.fields if one.is_required)


def _fact(one: BodyField, owner: Owner) -> str | None:
    """Give what a field is filled with by its name and type, people's ids aside."""
    name = _plain(one.wire)
    if name in _TIMES:
        return _time(one, one.plain_kind, owner)
    rows = _OF_BOTH if owner == "request" else (*_OF_BOTH, *_OF_EVENTS)
    found = (source for names, fits, source in rows if name in names and one.plain_kind == fits)
    return next((source.format(owner=owner) for source in found), None)


def _plain(name: str) -> str:
    """Give a name as it is compared: `event_id` and `eventId` are one."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _time(one: BodyField, kind: str, owner: Owner) -> str | None:
    said = f"{one.wire} {one.schema.get('description', '')} {one.schema.get('format', '')}"
    in_seconds = _SECONDS.search(said) and not _MILLISECONDS.search(said)
    return {
        "datetime": _WHEN.format(owner=owner),
        "str": f"{_WHEN.format(owner=owner)}.isoformat()",
        "int": f"{owner}.timestamp_ms // 1000" if in_seconds else f"{owner}.timestamp_ms",
        "float": f"{owner}.timestamp_ms / 1000",
    }.get(kind)


def _fits(value: object, kind: str) -> bool:
    """Whether a value of the document is of a field's type; a choice of texts has its own."""
    kinds: dict[str, type[Any]] = {"str": str, "int": int, "float": float, "bool": bool}
    return kind in kinds and type(value) is kinds[kind]


def _literal(value: object) -> str:
    return quoted(value) if isinstance(value, str) else repr(value)
