"""Points in time: all forms of `submitted_time`."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from firehose import DsrProcessingRequest, Instant, InvalidMessage, decode, to_dict


@pytest.mark.parametrize(
    ("sent", "written"),
    [
        ("2021-11-01T15:00:00Z", "2021-11-01T15:00:00Z"),
        ("2021-11-01T15:00:00.1234567Z", "2021-11-01T15:00:00.1234567Z"),
        ("2021-11-01T15:00:00.123456789123Z", "2021-11-01T15:00:00.123456789Z"),
        ("2021-11-01T15:00:00+02:00", "2021-11-01T13:00:00Z"),
        ("2021-11-01T15:00-0500", "2021-11-01T20:00:00Z"),
        (1635778800, "2021-11-01T15:00:00Z"),
        (1635778800.25, "2021-11-01T15:00:00.25Z"),
        ("1635778800", "2021-11-01T15:00:00Z"),
        (1635778800123, "2021-11-01T15:00:00.123Z"),
        ("1714592744067", "2024-05-01T19:45:44.067Z"),
        (-1, "1969-12-31T23:59:59Z"),
        (10**11 - 1, "5138-11-16T09:46:39Z"),
        (10**11, "1973-03-03T09:46:40Z"),
        (-(10**11), "1966-10-31T14:13:20Z"),
        ("2021-11-01T15:00:00." + "1" * 979 + "Z", "2021-11-01T15:00:00.111111111Z"),
    ],
)
def test_each_form_is_written_as_iso_8601(sent: Any, written: str) -> None:
    assert to_dict(decode({"type": "dsr_processing_request", "submitted_time": sent}))[
        "submitted_time"
    ] == (written)


def test_a_number_in_bytes_keeps_its_nanoseconds() -> None:
    raw = b'{"type":"dsr_processing_request","submitted_time":1714592744.067235001}'
    request = decode(raw)
    assert isinstance(request, DsrProcessingRequest)
    assert request.submitted_time == Instant("2024-05-01T19:45:44.067235001Z")


@pytest.mark.parametrize("sent", [None, "", "  ", "\t"])
def test_absent_time_is_none(sent: str | None) -> None:
    request = decode({"type": "dsr_processing_request", "submitted_time": sent})
    assert isinstance(request, DsrProcessingRequest)
    assert request.submitted_time is None


@pytest.mark.parametrize(
    "sent",
    [
        "2021-11-01T15:00:00", "2021-13-01T15:00:00Z", "yesterday", True, {}, [],
        1e300, 10**19, "1e999999", "NaN", "9" * 5000,
        "2021-11-01T15:00:00." + "1" * 980 + "Z",
    ],
)  # fmt: skip
def test_anything_else_is_refused_with_its_place(sent: Any) -> None:
    with pytest.raises(InvalidMessage) as refusal:
        decode({"type": "dsr_processing_request", "submitted_time": sent})
    assert refusal.value.path == "$.submitted_time"


def test_an_instant_gives_a_datetime() -> None:
    moment = datetime(2021, 11, 1, 15, microsecond=5, tzinfo=UTC)
    assert Instant(moment).datetime == moment
    assert Instant(Decimal("0.5")).nanoseconds == 500_000_000
    assert hash(Instant(1)) == hash(Instant(1.0))
    assert repr(Instant(0)) == "Instant('1970-01-01T00:00:00Z')"
