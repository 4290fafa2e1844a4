"""The moment a data subject asked: one point in time that the wire writes in four forms."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from firehose.numeric import LONGEST_TEXT, amount_of

_ISO_8601 = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d(?::\d\d)?)(?:[.,](\d+))?([Zz]|[+-]\d\d(?::?\d\d)?)",
    re.ASCII,
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = 10**9
# As seconds, 10^11 is the year 5138; as milliseconds, 1973. A larger number means the latter.
_FIRST_MILLISECONDS = 10**11


class Instant:
    """A point in time, exact to the nanosecond.

    Made from ISO 8601 text with a zone, or from a number of seconds since the epoch (a number of
    10^11 or more counts milliseconds). `str` gives ISO 8601 text in UTC.
    """

    __slots__ = ("nanoseconds",)

    nanoseconds: int
    """Since the epoch, 1970-01-01T00:00:00Z."""

    def __init__(self, value: str | float | Decimal | datetime) -> None:
        if isinstance(value, datetime):
            value = value.isoformat()
        try:
            iso = _iso(value) if isinstance(value, str) else None
            self.nanoseconds = _from_iso(*iso.groups()) if iso else _from_number(value)
            str(self.datetime)  # outside its years is outside ours
        except (ArithmeticError, ValueError):
            raise ValueError("not a point in time with a zone") from None

    @property
    def datetime(self) -> datetime:
        """The same moment in UTC, cut to the microsecond."""
        return _EPOCH + timedelta(microseconds=self.nanoseconds // 1000)

    def __str__(self) -> str:
        fraction = f"{self.nanoseconds % _SECOND:09}".rstrip("0")
        second = self.datetime.replace(microsecond=0, tzinfo=None).isoformat()
        return f"{second}.{fraction}Z" if fraction else f"{second}Z"

    def __repr__(self) -> str:
        return f"Instant('{self}')"

    def __eq__(self, other: object) -> bool:
        return (
            self.nanoseconds == other.nanoseconds if isinstance(other, Instant) else NotImplemented
        )

    def __hash__(self) -> int:
        return hash(self.nanoseconds)


def _iso(text: str) -> re.Match[str] | None:
    if len(text) > LONGEST_TEXT:
        raise ValueError
    return _ISO_8601.fullmatch(text.strip())


def _from_iso(day: str, time: str, fraction: str | None, zone: str) -> int:
    moment = datetime.fromisoformat(f"{day}T{time}{zone.upper()}")
    whole = (moment - _EPOCH) // timedelta(seconds=1)
    return whole * _SECOND + int((fraction or "").ljust(9, "0")[:9])


def _from_number(value: str | float | Decimal) -> int:
    number = amount_of(value)
    scale = _SECOND // 1000 if abs(number) >= _FIRST_MILLISECONDS else _SECOND
    return int(number * scale)
