"""Texts that make a slow rule slow: taken from a pattern itself, and repeated to any length."""

from __future__ import annotations

import importlib
import re
import string
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

# The parser that `re` itself uses; it has no public name.
_parser: Any = importlib.import_module("re._parser")

_CHARACTERS = f"{string.digits}{string.ascii_letters}{string.punctuation} \t\n٣é"
_CATEGORIES: dict[str, Callable[[str], bool]] = {
    "CATEGORY_DIGIT": str.isdigit,
    "CATEGORY_SPACE": str.isspace,
    "CATEGORY_WORD": lambda character: character.isalnum() or character == "_",
}
_MEMBERS = 4
_MANY = 8


class Filler(NamedTuple):
    """A text of any length."""

    head: str
    pump: str
    tail: str

    def of(self, length: int) -> str:
        """Make the text about that long."""
        return f"{self.head}{self.pump * (length // len(self.pump))}{self.tail}"


def fillers(pattern: re.Pattern[str]) -> list[Filler]:
    """Make texts from what a pattern repeats, each with an end that does not match."""
    tree = list(_parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE))
    found = {
        Filler(head, pump, tail)
        for before, body, after in _Walk("".join(_literals(tree))).repeats(tree, "", "")
        for head, pump in ((before, body), ("", before + body))
        for tail in ("", "\0", "\n", after + "\0")
        if pump
    }
    return sorted(found)


class _Walk:
    """Goes through the parts of a pattern, as `re` parses it."""

    def __init__(self, literals: str) -> None:
        # A character that stands for itself is likely to fit a set of the pattern, too.
        self._characters = "".join(dict.fromkeys(literals + _CHARACTERS))
        self._literals = set(literals)

    def repeats(self, tree: list[Any], before: str, after: str) -> Iterator[tuple[str, str, str]]:
        """Find the parts that may come often: what matches before them, they, what follows."""
        for index, (op, value) in enumerate(tree):
            head = before + self._sample(tree[:index])
            rest = self._sample(tree[index + 1 :]) + after
            for inner, is_repeated in _inside(str(op), value):
                if is_repeated:
                    yield from ((head, body, rest) for body in self._samples(inner))
                yield from self.repeats(inner, head, rest)

    def _samples(self, tree: list[Any]) -> list[str]:
        if len(tree) == 1 and str(tree[0][0]) == "IN":
            return self._members(tree[0][1])
        return [self._sample(tree)]

    def _sample(self, tree: list[Any]) -> str:
        """Make one text that a sequence of parts matches."""
        return "".join(self._sample_of(str(op), value) for op, value in tree)

    def _sample_of(self, op: str, value: Any) -> str:
        if op == "LITERAL":
            return chr(value)
        if op in {"NOT_LITERAL", "ANY"}:
            return next(character for character in "ab" if value != ord(character))
        if op == "IN":
            return self._members(value)[-1]
        if op == "AT":
            return ""
        inner = next(_inside(op, value))[0]
        return self._sample(inner) * (max(1, value[0]) if op.endswith("_REPEAT") else 1)

    def _members(self, items: list[Any]) -> list[str]:
        """Choose characters of a set: some that stand for themselves, and others."""
        members = [each for each in self._characters if _is_member(each, items)]
        literals = [each for each in members if each in self._literals]
        return list(
            dict.fromkeys((*literals[:_MEMBERS], *members[:: len(members) // _MEMBERS + 1]))
        )


def _literals(tree: list[Any]) -> Iterator[str]:
    for op, value in tree:
        if str(op) == "LITERAL":
            yield chr(value)
        for inner, _ in _inside(str(op), value):
            yield from _literals(inner)


def _inside(op: str, value: Any) -> Iterator[tuple[list[Any], bool]]:
    """Give the parts of a part, and whether they may come often."""
    if op.endswith("_REPEAT"):
        yield list(value[2]), value[1] > _MANY
    elif op == "SUBPATTERN":
        yield list(value[-1]), False
    elif op == "BRANCH":
        yield from ((list(branch), False) for branch in value[1])
    elif op not in {"LITERAL", "NOT_LITERAL", "ANY", "IN", "AT"}:
        raise NotImplementedError(op)


def _is_member(character: str, items: list[Any]) -> bool:
    negated = bool(items) and str(items[0][0]) == "NEGATE"
    return negated != any(_is(character, str(op), value) for op, value in items)


def _is(character: str, op: str, value: Any) -> bool:
    if op == "LITERAL":
        return character == chr(value)
    if op == "RANGE":
        return bool(value[0] <= ord(character) <= value[1])
    if op == "CATEGORY":
        name = str(value)
        is_not = "_NOT_" in name
        return is_not != _CATEGORIES[name.replace("_NOT_", "_")](character)
    return False
