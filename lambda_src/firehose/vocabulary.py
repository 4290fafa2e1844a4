"""Enumerations that accept words newer than this package, because mParticle adds them at will."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Vocabulary(StrEnum):
    """A set of known words of the wire protocol. Members are text and compare equal to it.

    A word that is not listed becomes a member of its own: it keeps its text, `is_known` is false,
    and it is found neither by name nor by iteration.
    """

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        word = value.strip() if isinstance(value, str) else ""
        if not word:
            return None
        known = cls._value2member_map_.get(word)
        if isinstance(known, cls):
            return known
        member = str.__new__(cls, word)
        member._name_ = member._value_ = word
        return member

    @property
    def is_known(self) -> bool:
        """Whether the word is one of the protocol's, as far as this package knows."""
        return self._value_ in type(self)._value2member_map_
