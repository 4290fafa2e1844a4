"""What AWS charges, in US dollars: list prices of the regions that mParticle calls, by key.

AWS's pricing pages load their figures by script, so none of these was read at its source. `quoted`
names the regions whose figure another public page, a bill or AWS's own documentation repeats; the
others are from memory. `firehose plan --cost --prices FILE` takes yours (`plan/price_file.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import inf
from typing import Literal, get_args

AS_OF = date(2026, 11, 27)
"""When the figures were last compared with what can be read about them."""

PriceKey = Literal[
    "lambda_requests",
    "lambda_arm64",
    "lambda_x86_64",
    "provisioned_arm64",
    "provisioned_x86_64",
    "provisioned_run_arm64",
    "provisioned_run_x86_64",
    "snap_start_cache",
    "snap_start_restore",
    "sqs_requests",
    "log_gb",
    "access_log_gb",
    "log_gb_months",
    "api_requests",
    "egress_gb",
    "kms_keys",
    "kms_requests",
    "metrics",
    "alarm_metrics",
    "composite_alarms",
    "dashboards",
    "secrets",
    "secret_requests",
    "table_writes",
    "table_gb_months",
]
PRICE_KEYS: tuple[PriceKey, ...] = get_args(PriceKey)

Tiers = tuple[tuple[float, float], ...]
"""Units of a month up to which a price holds, and that price; the last one is for all beyond."""

_EAST, _CENTRAL, _SOUTH = "us-east-1", "eu-central-1", "ap-southeast-2"
_HTTP = "aws.amazon.com/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What one unit costs in each region, and where AWS says so."""

    unit: str
    source: str
    usd: Mapping[str, Tiers]
    quoted: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """A price list: of which day, and whose."""

    as_of: date
    name: str
    usd: Mapping[str, Mapping[PriceKey, Tiers]]

    def of(self, region: str, key: PriceKey, units: float) -> float:
        """Give the US dollars for so many units in one month of one region."""
        total, below = 0.0, 0.0
        for limit, usd in self.usd[region][key]:
            total += max(0.0, min(units, limit) - below) * usd
            below = limit
        return total

    def of_lambda_time(
        self, region: str, architecture: str, *, memory_mb: int, seconds: float
    ) -> float:
        """Give the US dollars for what a function of some memory runs in a month, without calls."""
        units = million_gb_seconds(memory_mb, seconds)
        return self.of(region, lambda_time_key(architecture), units)


def lambda_time_key(architecture: str) -> PriceKey:
    """Name the price of the time that a function runs; provisioned environments have another."""
    return "lambda_arm64" if architecture == "arm64" else "lambda_x86_64"


def million_gb_seconds(memory_mb: int, seconds: float) -> float:
    """Give running time in the unit in which it is priced: a GB of memory for a million seconds."""
    return memory_mb / 1_024 * seconds / 1e6


def _price(
    unit: str,
    page: str,
    *usd: float | Tiers,
    quoted: tuple[str, ...] = (),
) -> Price:
    """Make a row: one price for every region, or one for each of them."""
    by_region = usd * 3 if len(usd) == 1 else usd
    regions = (_EAST, _CENTRAL, _SOUTH)
    return Price(
        unit=unit,
        source=f"{_HTTP}{page}",
        usd={
            region: it if isinstance(it, tuple) else ((inf, it),)
            for region, it in zip(regions, by_region, strict=True)
        },
        quoted=frozenset(quoted),
    )


def _volume(*tiers: tuple[float, float], beyond: float) -> Tiers:
    return (*tiers, (inf, beyond))


_ALL = (_EAST, _CENTRAL, _SOUTH)
_LAMBDA, _CLOUDWATCH = "lambda/pricing", "cloudwatch/pricing"
_TB = 1_000.0  # GB

PRICES: Mapping[PriceKey, Price] = {
    "lambda_requests": _price("million requests", _LAMBDA, 0.20, quoted=_ALL),
    # the first of three tiers, which ends at 7.5 and 6 thousand million GB-seconds
    "lambda_arm64": _price("million GB-seconds", _LAMBDA, 13.3334, quoted=_ALL),
    "lambda_x86_64": _price("million GB-seconds", _LAMBDA, 16.6667, quoted=_ALL),
    # outside us-east-1 those of us-east-1: they are some percent higher there
    "provisioned_arm64": _price("million GB-seconds", _LAMBDA, 3.3334, quoted=(_EAST,)),
    "provisioned_x86_64": _price("million GB-seconds", _LAMBDA, 4.1667, quoted=(_EAST,)),
    "provisioned_run_arm64": _price("million GB-seconds", _LAMBDA, 7.7778, quoted=(_EAST,)),
    "provisioned_run_x86_64": _price("million GB-seconds", _LAMBDA, 9.7222, quoted=(_EAST,)),
    "snap_start_cache": _price("million GB-seconds", _LAMBDA, 1.5046),
    "snap_start_restore": _price("thousand GB restored", _LAMBDA, 0.1397998),
    # a standard queue's 0.40 and 0.10 more, because messages have a group (fair queues)
    "sqs_requests": _price("million requests", "sqs/pricing", 0.50, quoted=(_EAST,)),
    "log_gb": _price(
        "GB",
        _CLOUDWATCH,
        _volume((10 * _TB, 0.50), (30 * _TB, 0.25), (50 * _TB, 0.10), beyond=0.05),
        0.63,
        0.67,
        quoted=(_EAST, _CENTRAL),
    ),
    "access_log_gb": _price("GB", _CLOUDWATCH, 0.50, 0.63, 0.67, quoted=(_EAST, _CENTRAL)),
    "log_gb_months": _price("GB-months", _CLOUDWATCH, 0.03, 0.0324, 0.033, quoted=(_EAST,)),
    "api_requests": _price(
        "million requests",
        "api-gateway/pricing",
        _volume((300, 1.00), beyond=0.90),
        _volume((300, 1.20), beyond=1.08),
        _volume((300, 1.29), beyond=1.18),
        quoted=(_EAST,),
    ),
    "egress_gb": _price(
        "GB",
        "ec2/pricing/on-demand",
        _volume((10 * _TB, 0.09), (50 * _TB, 0.085), (150 * _TB, 0.07), beyond=0.05),
        _volume((10 * _TB, 0.09), (50 * _TB, 0.085), (150 * _TB, 0.07), beyond=0.05),
        _volume((10 * _TB, 0.114), (50 * _TB, 0.098), (150 * _TB, 0.094), beyond=0.092),
        quoted=(_EAST,),
    ),
    "kms_keys": _price("keys", "kms/pricing", 1.00, quoted=_ALL),
    "kms_requests": _price("million requests", "kms/pricing", 3.00, quoted=(_EAST,)),
    "metrics": _price("metrics", _CLOUDWATCH, 0.30, quoted=(_EAST,)),
    "alarm_metrics": _price("metrics of alarms", _CLOUDWATCH, 0.10, quoted=(_EAST,)),
    "composite_alarms": _price("alarms", _CLOUDWATCH, 0.50, quoted=(_EAST,)),
    "dashboards": _price("dashboards", _CLOUDWATCH, 3.00, quoted=(_EAST,)),
    "secrets": _price("secrets", "secrets-manager/pricing", 0.40, quoted=(_EAST,)),
    "secret_requests": _price("million requests", "secrets-manager/pricing", 5.0, quoted=(_EAST,)),
    "table_writes": _price(
        "million writes", "dynamodb/pricing/on-demand", 0.625, 0.7625, 0.71155, quoted=(_EAST,)
    ),
    # what is kept and its continuous backup
    "table_gb_months": _price("GB-months", "dynamodb/pricing/on-demand", 0.45, 0.55, 0.51),
}
"""Every price by its key."""

LIST_PRICES = Prices(
    as_of=AS_OF,
    name="AWS's list prices",
    usd={region: {key: PRICES[key].usd[region] for key in PRICE_KEYS} for region in _ALL},
)


def remembered(region: str) -> list[PriceKey]:
    """Name the prices of a region that nothing public was found to repeat."""
    return [key for key in PRICE_KEYS if region not in PRICES[key].quoted]
