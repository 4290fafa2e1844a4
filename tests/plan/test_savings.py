"""Which key of the deployment saves how much of a region's bill."""

from __future__ import annotations

from math import inf
from typing import Any

import pytest

from plan.cost import region_cost, savings
from plan.prices import LIST_PRICES, PRICE_KEYS, PriceKey, Prices
from tests.plan.bills import bill
from tests.plan.planning import planned


def saved(**choices: Any) -> dict[str, float]:
    return {it.setting: it.usd for it in savings(planned(**choices), LIST_PRICES)}


def test_savings_are_what_the_bill_falls_by_when_the_key_is_set() -> None:
    now = region_cost(planned(), LIST_PRICES).usd
    found = {it.setting: it.usd for it in savings(planned(), LIST_PRICES)}

    assert found == pytest.approx(
        {
            "function.memory_mb = 512": now
            - sum(bill(planned(function={"memory_mb": 512})).values()),
            "traffic.average_ms = 50": now
            - sum(bill(planned(traffic={"average_ms": 50})).values()),
        }
    )
    assert list(found.values()) == sorted(found.values(), reverse=True)


@pytest.mark.parametrize(
    ("choices", "setting"),
    [
        ({"function": {"architecture": "x86_64"}}, 'function.architecture = "arm64"'),
        (
            {"function": {"provisioned_concurrency": 1000}, "traffic": {"average_rps": 1}},
            "function.provisioned_concurrency = 0",
        ),
        ({"transports": ["lambda", "https"]}, 'transports = ["lambda"]'),
        ({"logs": {"sample": 0.5}}, "logs.sample = 0.01"),
        ({"delivery": {"deduplicate": True}}, "delivery.deduplicate = false"),
    ],
)
def test_every_choice_that_costs_is_named_with_its_key(
    choices: dict[str, Any], setting: str
) -> None:
    assert setting in [it.setting for it in savings(planned(**choices), LIST_PRICES)]
    assert setting not in [it.setting for it in savings(planned(), LIST_PRICES)]


def test_a_line_for_every_good_answer_costs_what_the_default_saves() -> None:
    every = {it.setting: it.usd for it in savings(planned(logs={"sample": 1}), LIST_PRICES)}
    now, before = sum(bill(planned()).values()), sum(bill(planned(logs={"sample": 1})).values())

    assert every["logs.sample = 0.01"] == pytest.approx(before - now)
    assert round(before - now) == 742


@pytest.mark.parametrize(("smaller", "usd"), [(1_024, 1.42), (512, None)])
def test_what_saves_less_than_a_dollar_is_not_worth_a_line(smaller: int, usd: float | None) -> None:
    found = saved(function={"memory_mb": smaller}, traffic={"average_rps": 1})

    assert found.get(f"function.memory_mb = {smaller // 2}") == pytest.approx(usd, abs=0.01)


def test_dollar_is_worth_a_line() -> None:
    free: dict[PriceKey, tuple[tuple[float, float], ...]] = dict.fromkeys(PRICE_KEYS, ((inf, 0.0),))
    a_dollar = Prices(
        as_of=LIST_PRICES.as_of,
        name="one price",
        usd={"us-east-1": {**free, "secrets": ((inf, 1.0),)}},
    )

    assert [it.usd for it in savings(planned(transports=["lambda", "https"]), a_dollar)] == [1.0]


def test_memory_is_not_halved_below_what_mparticle_asks_for() -> None:
    assert "function.memory_mb = 256" in saved(function={"memory_mb": 511})
    assert not [it for it in saved(function={"memory_mb": 256}) if "memory_mb" in it]


def test_endpoint_over_https_alone_is_not_to_be_invoked_instead() -> None:
    assert 'transports = ["lambda"]' not in saved(transports=["https"])


def test_each_saving_says_what_has_to_hold_for_it_if_anything_has() -> None:
    plan = planned(function={"architecture": "x86_64"}, delivery={"deduplicate": True})
    provided = {it.setting: it.provided for it in savings(plan, LIST_PRICES)}

    assert provided.pop('function.architecture = "arm64"') == ""
    assert provided["delivery.deduplicate = false"] == "your API can tell repetitions"
    assert all(len(it) > 20 for it in provided.values())


def test_what_a_function_may_save_is_saved_by_both_endpoints() -> None:
    def usd(**function: int) -> float:
        return sum(bill(planned(transports=["lambda", "https"], function=function)).values())

    found = saved(transports=["lambda", "https"], function={"provisioned_concurrency": 1_000})

    assert found["function.provisioned_concurrency = 0"] == pytest.approx(
        usd(provisioned_concurrency=1_000) - usd()
    )
