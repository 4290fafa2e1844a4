"""Which texts are numbers, and how large a number may be, whoever reads it: the wire or a setting.

Reading takes time in proportion to the text, whatever is in it; most texts that are too long are
refused unread. Digits are ASCII, without grouping: `1_000` is no number.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

LONGEST_TEXT = 1_000
"""Characters of a text that may be a number or a time; Jackson's own limit since its version 2.15
(`StreamReadConstraints`)."""
MOST_DIGITS = 30
"""Digits of a whole number. mParticle's ids and times have 64 bits, which is 19 digits."""
LARGEST_EXPONENT = 308
"""Decimal exponent of an amount, up and down: what a double holds, as which partners read it."""

_INTEGER = re.compile(rf"[+-]?[0-9]{{1,{MOST_DIGITS}}}")
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,9})?")
_NOT_FINITE = frozenset(f"{sign}{name}" for sign in ("", "+", "-") for name in ("NaN", "Infinity"))
_BEYOND = 10**MOST_DIGITS
_TOO_LARGE = 10 ** (LARGEST_EXPONENT + 1)


def integer_of(text: str) -> int:
    """Read digits with an optional sign. Raises ValueError for any other text."""
    if not _INTEGER.fullmatch(text):
        raise ValueError("not a whole number")
    return int(text)


def float_of(text: str) -> float:
    """Read a double; `NaN` and `Infinity` are some. Raises ValueError for any other text."""
    if not is_number(text) and text not in _NOT_FINITE:
        raise ValueError("not a number")
    return float(text)


def decimal_of(text: str) -> Decimal:
    """Read an exact and finite number of any size. Raises ValueError for any other text."""
    if not is_number(text):
        raise ValueError("not a number")
    return Decimal(text)


def is_number(text: str) -> bool:
    """Whether a text has the form of a finite number: sign, digits, a point, an exponent."""
    return len(text) <= LONGEST_TEXT and _NUMBER.fullmatch(text) is not None


def whole(value: float | Decimal) -> int:
    """Cut a number's fraction off. Raises ValueError above 30 digits or when it is no number."""
    if isinstance(value, Decimal) and not value.is_finite():
        raise ValueError("not a number")
    if not -_BEYOND < value < _BEYOND:
        raise ValueError(f"more than {MOST_DIGITS} digits")
    return int(value)


def amount_of(value: object) -> Decimal:
    """Read an exact number, also from its text. Raises ValueError if it is none, or too large."""
    if isinstance(value, str):
        amount = decimal_of(value.strip())
    elif isinstance(value, int) and not isinstance(value, bool):
        amount = Decimal(value if -_TOO_LARGE < value < _TOO_LARGE else "Infinity")
    elif isinstance(value, float | Decimal):
        amount = Decimal(str(value))
    else:
        raise ValueError("not a number")
    if not amount.is_finite() or abs(amount.adjusted()) > LARGEST_EXPONENT:
        raise ValueError("not a number of this size")
    return amount


if TYPE_CHECKING:
    Amount: TypeAlias = Decimal
else:

    class _Finite(type):
        # msgspec asks for each amount whether it is one; this answers without a Python frame
        __instancecheck__ = staticmethod(Decimal.is_finite)

    class Amount(metaclass=_Finite):
        """What a model calls an exact number: fields hold a `Decimal`, and this makes it.

        Finite, and of a size that a double has. msgspec's own decimals take whatever text Python
        takes: `NaN`, `1_000`, any exponent. Raises ValueError.
        """

        def __new__(cls, value: object) -> Decimal:
            """Read an exact number, also from its text."""
            kind = type(value)
            if kind is int and -_BEYOND < value < _BEYOND:
                return Decimal(value)
            if kind is Decimal and -LARGEST_EXPONENT <= value.adjusted() <= LARGEST_EXPONENT:
                return value  # not finite: msgspec sees it, see above
            return amount_of(value)
