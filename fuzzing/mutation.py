"""Other inputs made of good ones: byte by byte, word by word, or value by value of a JSON text."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from copy import deepcopy
from random import Random
from typing import Any, Protocol

_RAW = re.compile(r'"\\u0000([^"\\]*)\\u0000"')
_WORD = re.compile(rb"[\w.-]+|\s+|.", re.DOTALL)


class Mutator(Protocol):
    """Makes an input of one or two others; the same `chance` makes the same."""

    def __call__(self, data: bytes, other: bytes, chance: Random) -> bytes:
        """Make one input."""
        ...


def filler(chance: Random) -> str:
    """Make a long text that a careless rule reads again and again: repeated, with a bad end."""
    unit = chance.choice(
        ["1", "0", "1.", ".1", "1e", "-", "+", " ", "a", "1,", "(", "[", "é", "\0"]
    )
    return unit * (chance.choice([10, 100, 5_000, 20_000]) // len(unit)) + chance.choice("x !e.")


def raw(number: str) -> str:
    """Make a text that stands in JSON without its quotes, for numbers that Python cannot hold."""
    return f"\0{number}\0"


def interesting(chance: Random, words: Sequence[str]) -> Any:
    """Choose a value that programs stumble over."""
    return chance.choice(
        [
            None, True, False, 0, -1, 1.5, 2**63, 2**64, -(2**63) - 1, 10**40, [], {}, "", " ",
            "\ud800", "\udfff\ud800", "\ufffe", "\uffff", "\0", "NaN", "-Infinity", "1e400",
            "1e3999", "1e-3999", "9" * 5_000, raw("1e400"), raw("-0"), raw("1e3999"),
            raw("9" * 5_000), raw("1E-400"), raw("NaN"), "2026-01-01T00:00:00Z", [[[[]]]],
            "9999-12-31T23:59:59-23:59", {"type": "x"}, {"": None}, filler(chance),
            chance.choice(words), chance.choice(words),
        ]
    )  # fmt: skip


class OfJson:
    """Changes values of a JSON text, also of JSON texts in it; `words` belong to its language."""

    def __init__(self, *words: str) -> None:
        self._words = words
        self._bytes = OfText(*words)

    def __call__(self, data: bytes, other: bytes, chance: Random) -> bytes:
        """Make one input."""
        if chance.random() < 0.25:
            return self._bytes(data, other, chance)
        try:
            value, spare = json.loads(data), json.loads(other)
            for _ in range(chance.choice([1, 1, 1, 2, 4])):
                value = self._changed(value, spare, chance)
            return _RAW.sub(r"\1", json.dumps(value)).encode()
        except (ValueError, RecursionError):  # no JSON, or too deep to be written
            return self._bytes(data, other, chance)

    def _changed(self, value: Any, spare: Any, chance: Random) -> Any:
        """Change one place, found by a walk from the top that may end anywhere."""
        if isinstance(value, dict | list) and value and chance.random() < 0.85:
            step = chance.choice(list(value) if isinstance(value, dict) else range(len(value)))
            if chance.random() < 0.1:
                return self._reshaped(value, step, chance)
            below = spare
            if isinstance(spare, dict) and isinstance(step, str):
                below = spare.get(step, spare)
            value[step] = self._changed(value[step], below, chance)
            return value
        if isinstance(value, str) and value.startswith("{") and chance.random() < 0.8:
            inner = self(value.encode(errors="replace"), value.encode(errors="replace"), chance)
            return inner.decode(errors="replace")
        return self._instead(value, spare, chance)

    def _reshaped(self, value: Any, step: Any, chance: Random) -> Any:
        """Take an entry out, or put it in once more under another name."""
        if isinstance(value, list):
            item = value.pop(step)
            return value if chance.random() < 0.5 else [*value, *[item] * chance.choice([2, 300])]
        item = value.pop(step)
        if chance.random() < 0.5:
            value[chance.choice([*self._words, "", "\ud800"])] = item
        return value

    def _instead(self, value: Any, spare: Any, chance: Random) -> Any:
        kind = chance.choice(["spare", "list", "text", "longer", "deeper", "filler", "odd", "odd"])
        if kind == "spare" and isinstance(spare, dict | list) and spare:
            # a copy: what is in two places would change in both, or end up inside itself
            value = deepcopy(chance.choice([*spare.values()] if isinstance(spare, dict) else spare))
        elif kind == "list":
            value = [value]
        elif kind == "text":
            value = str(value)
        elif kind == "longer" and isinstance(value, str):
            value += chance.choice([filler(chance), *self._words])
        elif kind == "deeper":
            for _ in range(chance.choice([5, 500])):
                value = [value] if chance.random() < 0.5 else {chance.choice(self._words): value}
        elif kind == "filler":
            value = filler(chance)
        else:
            value = interesting(chance, self._words)
        return value


class OfText:
    """Changes bytes and words of a text; `words` belong to its language."""

    def __init__(self, *words: str) -> None:
        self._words = words

    def __call__(self, data: bytes, other: bytes, chance: Random) -> bytes:
        """Make one input."""
        for _ in range(chance.choice([1, 1, 2, 4, 8])):
            data = chance.choice(_CHANGES)(data, other, self._words, chance)
        return data


Change = Callable[[bytes, bytes, Sequence[str], Random], bytes]


def _span(data: bytes, chance: Random) -> tuple[int, int]:
    start = chance.randint(0, len(data))
    return start, min(len(data), start + chance.choice([0, 1, 2, 8, 64]))


def _flip(data: bytes, _other: bytes, _words: Sequence[str], chance: Random) -> bytes:
    start, end = _span(data, chance)
    return data[:start] + chance.randbytes(end - start) + data[end:]


def _cut(data: bytes, _other: bytes, _words: Sequence[str], chance: Random) -> bytes:
    start, end = _span(data, chance)
    return data[:start] + data[end:]


def _repeat(data: bytes, _other: bytes, _words: Sequence[str], chance: Random) -> bytes:
    start, end = _span(data, chance)
    return data[:end] + data[start:end] * chance.choice([1, 2, 50, 2_000]) + data[end:]


def _insert(data: bytes, _other: bytes, words: Sequence[str], chance: Random) -> bytes:
    start, end = _span(data, chance)
    new = chance.choice([*words, filler(chance)]).encode(errors="replace")
    return data[:start] + new + data[chance.choice([start, end]) :]


def _word(data: bytes, _other: bytes, words: Sequence[str], chance: Random) -> bytes:
    """Put a word of the language in place of one that is there."""
    start = chance.randint(0, len(data))
    found = _WORD.search(data, start)
    if found is None:
        return data
    return data[: found.start()] + chance.choice(words).encode() + data[found.end() :]


def _splice(data: bytes, other: bytes, _words: Sequence[str], chance: Random) -> bytes:
    return data[: chance.randint(0, len(data))] + other[chance.randint(0, len(other)) :]


def _encoded(data: bytes, _other: bytes, _words: Sequence[str], chance: Random) -> bytes:
    text = data.decode(errors="replace")
    return text.encode(
        chance.choice(["utf-16", "utf-16-le", "utf-8-sig", "utf-7", "latin-1"]), "replace"
    )


_CHANGES: tuple[Change, ...] = (
    _flip, _cut, _cut, _repeat, _insert, _insert, _word, _word, _word, _splice, _encoded,
)  # fmt: skip
