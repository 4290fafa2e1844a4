"""The price list is plausible: who pays what, units, pages, tiers, other regions than us-east-1."""

from __future__ import annotations

import re

import pytest

from plan.deployment import Deployment
from plan.prices import LIST_PRICES, PRICE_KEYS, PRICES, PriceKey, remembered
from plan.regions import regions
from plan.target import AWS
from plan.usage import Usage, usage_of
from tests.pages import ROOT, by_first_cell
from tests.plan.bills import exactly

every_price = pytest.mark.parametrize("key", PRICE_KEYS)


def everything_that_costs() -> list[Usage]:
    """Use all that a deployment can choose; what excludes something else, in a second one."""
    chosen = {
        "name": "acme",
        "transports": ["lambda", "https"],
        "alarms": {"go_live": True},
        "delivery": {"deduplicate": True},
    }
    functions = (
        {"snap_start": True},
        {"architecture": "x86_64", "provisioned_concurrency": 5},
        {"architecture": "arm64", "provisioned_concurrency": 5},
    )
    return [
        usage
        for function in functions
        for plan in regions(Deployment.model_validate({**chosen, "function": function}), AWS)
        for usage in usage_of(plan)
    ]


def test_every_price_is_one_that_some_deployment_pays() -> None:
    assert {usage.price for usage in everything_that_costs()} == set(PRICE_KEYS)


def test_what_decides_a_line_of_the_bill_is_a_key_of_the_deployment_file() -> None:
    page = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
    keys = {key.strip("`") for key in by_first_cell(page, "| key | default |")}
    tables = {key.partition(".")[0] for key in keys}

    assert {usage.setting for usage in everything_that_costs()} <= keys | tables


@every_price
def test_price_is_quoted_by_a_page_of_aws_about_prices(key: PriceKey) -> None:
    assert re.fullmatch(r"aws\.amazon\.com/[a-z0-9-]+/pricing(/on-demand)?", PRICES[key].source)


@every_price
def test_unit_is_a_number_of_things(key: PriceKey) -> None:
    many = r"((million|thousand) )?"
    things = r"requests|writes|GB( restored)?|GB-(seconds|months)|keys|secrets|dashboards"
    alarms = r"metrics( of alarms)?|alarms"
    assert re.fullmatch(rf"{many}({things}|{alarms})", PRICES[key].unit)


@pytest.mark.parametrize(("architecture", "usd"), [("arm64", 13.3334), ("x86_64", 16.6667)])
def test_time_of_a_function_is_priced_by_its_memory(architecture: str, usd: float) -> None:
    found = LIST_PRICES.of_lambda_time("us-east-1", architecture, memory_mb=512, seconds=2_000_000)

    assert found == exactly(usd)


@every_price
def test_more_of_something_is_never_dearer(key: PriceKey) -> None:
    for tiers in PRICES[key].usd.values():
        prices = [usd for _, usd in tiers]
        assert prices == sorted(prices, reverse=True)
        assert prices[-1] > 0


@every_price
def test_other_regions_cost_up_to_twice_as_much_in_the_same_tiers(key: PriceKey) -> None:
    cheapest = PRICES[key].usd["us-east-1"]

    for tiers in PRICES[key].usd.values():
        for (_, usd), (_, least) in zip(tiers, cheapest, strict=False):
            assert least <= usd <= 2 * least
        if len(tiers) > 1:
            assert [limit for limit, _ in tiers] == [limit for limit, _ in cheapest]


def test_prices_that_no_page_repeats_are_named_for_each_region() -> None:
    of_memory = {region: set(remembered(region)) for region in LIST_PRICES.usd}

    assert "snap_start_cache" in of_memory["us-east-1"]
    assert "lambda_requests" not in of_memory["ap-southeast-2"]
    assert of_memory["us-east-1"] < of_memory["eu-central-1"] <= of_memory["ap-southeast-2"]
