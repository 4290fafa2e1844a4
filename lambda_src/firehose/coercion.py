"""How single values are read: as text, numbers, booleans, moments; tolerantly or strictly.

The tolerant rules are those of the Java SDK (Jackson), so that what works there works here.
`null` and empty text give the zero of a type that cannot be None.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from typing import Any, TypeAlias

from firehose.errors import is_uuid
from firehose.instant import Instant
from firehose.model import Flag, Integer, Uuid
from firehose.numeric import Amount, amount_of, float_of, integer_of, whole
from firehose.secret import Secret
from firehose.vocabulary import Vocabulary

Convert: TypeAlias = Callable[[Any], Any]

_BOOLEANS = {"": False} | dict.fromkeys(("true", "True", "TRUE"), True) | dict.fromkeys(
    ("false", "False", "FALSE"), False
)  # fmt: skip
_JSON_NAMES = {
    dict: "an object", list: "a list", str: "text", bool: "a boolean", type(None): "null",
    int: "a number", float: "a number", Decimal: "a number",
}  # fmt: skip


class Refusal(Exception):
    """A value cannot be read; in the end this becomes an InvalidMessage.

    The path grows as the refusal leaves the objects around the value.
    """

    def __init__(self, reason: str, path: str = "") -> None:
        self.reason = reason
        self.path = path

    def within(self, step: str) -> Refusal:
        """Add the step that led to the value."""
        self.path = step + self.path
        return self


def expected(what: str, value: object) -> Refusal:
    """Refuse a value by its kind, without showing it."""
    return Refusal(f"expected {what}, found {_JSON_NAMES.get(type(value), 'something else')}")


def text(value: Any) -> str:
    """Read text; numbers and booleans become their JSON text."""
    if isinstance(value, str):
        return str(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(whole(value))
    if isinstance(value, float | Decimal):
        return str(value)
    raise expected("text", value)


def integer(value: Any) -> int:
    """Read a whole number; fractions are cut off."""
    if value is None:
        return 0
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise expected("a whole number", value)
    try:
        return integer_of(value.strip() or "0") if isinstance(value, str) else whole(value)
    except ValueError:
        raise expected("a whole number", value) from None


def decimal(value: Any) -> Decimal:
    """Read an exact decimal number, also from its text."""
    try:
        return amount_of(value)
    except ValueError:
        raise expected("a number", value) from None


def floating(value: Any) -> float:
    """Read a double; `NaN` and `Infinity` come as text."""
    if value is None:
        return 0.0
    if isinstance(value, str):
        with suppress(ValueError):
            return float_of(value.strip() or "0")
    elif isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return float(value)
    raise expected("a number", value)


def boolean(value: Any) -> bool:
    """Read a boolean, also from its text and from whole numbers (0 is false)."""
    if isinstance(value, str) and value.strip() in _BOOLEANS:
        return _BOOLEANS[value.strip()]
    if value is None or isinstance(value, int):
        return bool(value)
    raise expected("a boolean", value)


def secret(value: Any) -> Secret:
    """Read text that stays hidden."""
    return Secret(text(value))


def instant(value: Any) -> Instant:
    """Read a point in time."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise expected("a point in time", value)
    return Instant(value)


def word_of(vocabulary: type[Vocabulary]) -> Convert:
    """Make a reader of one vocabulary; new words are kept."""

    def read(value: Any) -> Vocabulary:
        spelled = text(value)
        if not spelled.strip():
            raise Refusal("is empty")
        return vocabulary(spelled)

    return read


def known_word_of(vocabulary: type[Vocabulary]) -> Convert:
    """Make a reader of one vocabulary; new words are refused."""

    def read(value: Any) -> Vocabulary:
        if not isinstance(value, str):
            raise expected("text", value)
        word = vocabulary(value) if value else None
        if word is None or word != value or not word.is_known:
            raise Refusal(f"is not a known {vocabulary.__name__}")
        return word

    return read


def _exact(what: str, *kinds: type) -> Convert:
    def check(value: Any) -> Any:
        if type(value) not in kinds:
            raise expected(what, value)
        return value

    return check


def _guid(value: Any) -> str:
    if not is_uuid(value):
        raise Refusal("is not a GUID")
    return value


def _strict_secret(value: Any) -> Secret:
    return Secret(_exact("text", str)(value))


def _strict_integer(value: Any) -> int:
    return integer(_exact("a whole number", int)(value))


def _strict_decimal(value: Any) -> Decimal:
    return decimal(_exact("a number", int, float, Decimal)(value))


def _strict_float(value: Any) -> float:
    return float(_exact("a number", int, float, Decimal)(value))


TOLERANT: dict[Any, Convert] = {
    str: text, Integer: integer, float: floating, bool: boolean, Flag: boolean, Uuid: text,
    Amount: decimal, Secret: secret, Instant: instant,
}  # fmt: skip
STRICT: dict[Any, Convert] = {
    str: _exact("text", str), Integer: _strict_integer, float: _strict_float,
    bool: _exact("a boolean", bool), Flag: _exact("a boolean", bool), Uuid: _guid,
    Amount: _strict_decimal, Secret: _strict_secret, Instant: instant,
}  # fmt: skip
