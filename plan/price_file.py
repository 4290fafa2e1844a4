"""Prices of the partner's own, such as those of a discount, in place of AWS's list prices.

A number in `[every]` holds in every region, one in a region's table there alone:

    as_of = 2026-11-01
    [every]
    sqs_requests = 0.40
    [regions.eu-central-1]
    log_gb = 0.55
"""

from __future__ import annotations

from datetime import date
from math import inf
from pathlib import Path
from typing import Annotated

from pydantic import Field

from plan.fields import RegionName, Table
from plan.file import read
from plan.prices import LIST_PRICES, PriceKey, Prices

_Usd = Annotated[float, Field(ge=0, allow_inf_nan=False)]
_Some = dict[PriceKey, _Usd]


class PriceFile(Table):
    """A file of prices; the units are those of `plan/prices.py`."""

    as_of: date
    every: _Some = Field(default_factory=dict)
    regions: dict[RegionName, _Some] = Field(default_factory=dict)


def prices_of(path: Path | None) -> Prices:
    """Give the list prices, or with a file these with its own in their place.

    Raises `DeploymentError` with everything that is wrong with the file.
    """
    if path is None:
        return LIST_PRICES
    file = read(path, PriceFile)
    return Prices(
        as_of=file.as_of,
        name=f"the prices of {path}",
        usd={
            region: usd
            | {
                key: ((inf, price),)
                for key, price in (file.every | file.regions.get(region, {})).items()
            }
            for region, usd in ((name, dict(it)) for name, it in LIST_PRICES.usd.items())
        },
    )
