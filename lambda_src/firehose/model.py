"""The shape all protocol objects share: fields named as on the wire, and nothing sent is lost."""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias

import msgspec


class Otherwise:
    """Marks a polymorphic field: the class that keeps objects whose `type` is not known."""

    __slots__ = ("unknown",)

    def __init__(self, unknown: type[Model]) -> None:
        self.unknown = unknown


class Marker:
    """A named remark on a field's type, read by the reader and the writer, not by msgspec."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"Marker({self.name!r})"


Flag: TypeAlias = Annotated[bool, Marker("written only when true")]
"""A boolean that is written only when true; other booleans are always written."""

Uuid: TypeAlias = Annotated[str, Marker("uuid")]
"""A GUID of 36 characters, lower case. Empty if the sender gave null."""

Texts: TypeAlias = dict[str, str | None]
"""Text by name. The wire allows null, which stands for "no value" (a tag, for user attributes)."""


class RawObject(dict[str, Any]):
    """An object of no fixed shape, kept as it came. `repr` hides it: it can hold identities."""

    def __init__(self, content: dict[str, Any]) -> None:
        if not isinstance(content, dict):  # dict itself would also take a list of pairs
            raise TypeError(f"RawObject expects dict, got {type(content).__name__}")
        super().__init__(content)

    def __repr__(self) -> str:
        return "RawObject(***)"

    __str__ = __repr__


class Model(msgspec.Struct, kw_only=True, dict=True, forbid_unknown_fields=True):
    """Any object of the protocol.

    Attribute names are the JSON names. Lists and maps are never None unless a field says so.
    Fields this package does not know are kept in `unknown_fields` and written again.
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

    __hash__ = None  # type: ignore[assignment]  # mutable, like a dict

    def __eq__(self, other: object) -> bool:
        same = super().__eq__(other)
        if same is True and isinstance(other, Model):
            return (self.__dict__.get("unknown_fields") or None) == (
                other.__dict__.get("unknown_fields") or None
            )
        return same
