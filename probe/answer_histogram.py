"""Answer times as an HdrHistogram: three digits from a microsecond to a quarter of an hour."""

from __future__ import annotations

from collections.abc import Iterable

from hdrh.histogram import HdrHistogram  # type: ignore[import-untyped]  # it has no types

_LONGEST_MICROSECONDS = 15 * 60 * 1_000_000
"""As long as a function may run."""
_DIGITS = 3


def histogram_of(milliseconds: Iterable[float]) -> HdrHistogram:
    """Count times, in microseconds, with three digits."""
    histogram = HdrHistogram(1, _LONGEST_MICROSECONDS, _DIGITS)
    for time in milliseconds:
        histogram.record_value(min(_LONGEST_MICROSECONDS, max(1, round(time * 1_000))))
    return histogram


def encoded(histogram: HdrHistogram) -> str:
    """Write it as every HdrHistogram library reads it: the V2 format, compressed, in base64."""
    return str(histogram.encode().decode("ascii"))


def milliseconds_at(times: HdrHistogram, percent: float) -> float:
    """Give the time that so many percent do not exceed."""
    microseconds: int = times.get_value_at_percentile(percent)
    return round(microseconds / 1_000, 1)
