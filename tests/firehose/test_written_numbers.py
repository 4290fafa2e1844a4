"""What numbers become on the wire."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest

from firehose import Location, Product
from firehose.writing import as_json_values


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (0.5, 0.5),
        (0.0, 0.0),
        (1e300, 1e300),
        (math.inf, "Infinity"),
        (-math.inf, "-Infinity"),
        (math.nan, "NaN"),
    ],
)
def test_number_that_json_lacks_is_written_as_text(number: float, written: object) -> None:
    assert as_json_values(Location(latitude=number))["latitude"] == written


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (Decimal("1.10"), Decimal("1.10")),
        (Decimal(0), Decimal(0)),
        (Decimal("1e400"), Decimal("1e400")),
        (Decimal("-Infinity"), "-Infinity"),
        (Decimal("NaN"), "NaN"),
    ],
)
def test_amount_that_json_lacks_is_written_as_text(amount: Decimal, written: object) -> None:
    assert as_json_values(Product(price=amount))["price"] == written
