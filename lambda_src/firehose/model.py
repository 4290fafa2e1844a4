"""The shape all protocol objects share: fields named as on the wire, and nothing sent is lost."""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias

import msgspec


class Otherwise:
    """Marks a polymorphic field: the class that keeps objects whose `type` is not known."""

    __slots__ = ("unknown",)

    def __init__(self, unknown: type[Model]) -> None:
        self.unknown = unknown

    def __repr__(self) -> str:
        return f"Otherwise({self.unknown.__name__})"


Flag: TypeAlias = Annotated[bool, "written only when true"]
"""A boolean that is written only when true; other booleans are always written."""

Uuid: TypeAlias = Annotated[str, "a GUID"]
"""A GUID of 36 characters, lower case. Empty if the sender gave null."""

Integer: TypeAlias = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]
"""A whole number, of 64 bits on the wire. The tolerant reader takes up to 30 digits."""

Texts: TypeAlias = dict[str, str | None]
"""Text by name. The wire allows null, which stands for "no value" (a tag, for user attributes)."""


DEEPEST_NESTING = 100
"""Levels of objects and lists in what has no fixed shape. Parsers give up somewhere near 1,000,
depending on who calls them; so what one process reads is read by every other, too."""


def is_nested_deeper(value: object, levels: int = DEEPEST_NESTING) -> bool:
    """Whether a parsed JSON value has more levels of objects and lists than these."""
    if isinstance(value, dict):
        value = [*value.values()]
    return isinstance(value, list) and (
        levels == 0 or any(is_nested_deeper(item, levels - 1) for item in value)
    )


class RawObject(dict[str, Any]):
    """An object of no fixed shape, kept as it came. `repr` hides it: it can hold identities.

    Raises ValueError when it is nested too deep.
    """

    def __init__(self, content: dict[str, Any]) -> None:
        if not isinstance(content, dict):  # dict itself would also take a list of pairs
            raise TypeError(f"RawObject expects dict, got {type(content).__name__}")
        if is_nested_deeper(content):
            raise ValueError("is nested too deep")
        super().__init__(content)

    def __repr__(self) -> str:
        return "RawObject(***)"

    __str__ = __repr__


class Model(msgspec.Struct, kw_only=True, dict=True, forbid_unknown_fields=True):
    """Any object of the protocol.

    Attribute names are the JSON names. Lists and maps are never None unless a field says so.
    Fields this package does not know are kept in `unknown_fields` and written again.
    `repr` shows no field: most hold what is a user's or a customer's.

    Modules with such classes do not postpone their annotations (PEP 563): msgspec would compile
    each text again for every class that inherits it, at each start.
    """

    @property
    def type(self) -> str:
        """The wire text that tells this class from others of its family; empty without family."""
        tag = self.__struct_config__.tag
        return tag if isinstance(tag, str) else ""

    @property
    def unknown_fields(self) -> dict[str, Any]:
        """What the sender added and this package does not know, as parsed JSON."""
        fields: dict[str, Any] = self.__dict__.setdefault("unknown_fields", {})
        return fields

    def __repr__(self) -> str:
        return f"{type(self).__name__}(***)"

    __hash__ = None  # type: ignore[assignment]  # mutable, like a dict

    def __eq__(self, other: object) -> bool:
        same = super().__eq__(other)
        if same is True and isinstance(other, Model):
            return (self.__dict__.get("unknown_fields") or None) == (
                other.__dict__.get("unknown_fields") or None
            )
        return same
