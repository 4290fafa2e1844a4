"""The bill of a region, against a second computation that shares nothing with the first."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plan.cost import region_cost
from plan.deployment import Deployment
from plan.prices import LIST_PRICES, PRICE_KEYS, PRICES
from plan.regions import regions
from plan.target import AWS
from tests.plan.bills import bill, exactly
from tests.plan.planning import planned


def by_hand(numbers: Mapping[str, str]) -> dict[str, float]:
    """Give what lines cost: each text is a product of plain numbers, as on a sheet of paper."""
    found = {}
    for what, product in numbers.items():
        total = Decimal(1)
        for factor in product.split():
            total *= Decimal(factor)
        found[what] = float(total)
    return found


MONTH = "30.4 24 3600"


def test_defaults_cost_what_a_sheet_of_paper_says() -> None:
    assert bill(planned()) == exactly(
        by_hand(
            {
                "calls of the endpoint": f"2000 {MONTH} 0.0000002",
                # four fifths last 100 ms, one fifth 5 ms: 81 ms with 1 GB
                "time of the endpoint": f"2000 {MONTH} 0.081 0.0000133334",
                "calls of the worker": f"2000 0.2 0.1 {MONTH} 0.0000002",
                "time of the worker": f"2000 0.2 0.1 {MONTH} 0.1 0.5 0.0000133334",
                # one to send, a tenth to receive, a tenth to delete
                "requests of the queue": f"2000 0.2 1.2 {MONTH} 0.0000005",
                "requests of the key": "3 8755.2 0.000003",
                # 0.8 of 1 % of 240 bytes; 0.2 of 1 % of 408, 99 % of 198, and 26; of 1 % of 245;
                # of a tenth of 227
                "logs written": f"2000 {MONTH} 52.17 0.000000001 0.5",
                "logs kept": f"2000 {MONTH} 52.17 0.000000001 0.15 0.986842105263 0.03",
                "data to your API": f"2000 {MONTH} 1500 0.000000001 0.09",
                "keys": "2",
                "metrics": "8 0.3",
                "metrics of alarms": "24 0.1",
                "dashboards": "3",
            }
        )
    )


def test_https_adds_its_api_its_access_log_and_its_secret() -> None:
    without, with_https = bill(planned()), bill(planned(transports=["lambda", "https"]))
    added = {
        what: usd - without.get(what, 0)
        for what, usd in with_https.items()
        if usd != exactly(without.get(what, 0))
    }
    access_gb = 2000 * 30.4 * 86_400 * 228 / 1e9

    assert added == exactly(
        {
            "calls of the HTTP API": 300 + 0.9 * (2000 * 30.4 * 86_400 / 1e6 - 300),
            "access log written": 0.5 * access_gb,
            "access log kept": 0.03 * 0.15 * access_gb * 30 / 30.4,
            "reads of the token": 5e-6 * 2 * 200 * 30.4 * 86_400 / 900,
            "secrets": 0.4,
            "keys": 1,
            "requests of the key": 2 * 8755.2 * 3e-6,
            "metrics": 5 * 0.3,
            "metrics of alarms": 21 * 0.1,
        }
    )


def test_warm_environments_cost_all_the_time_and_make_calls_cheaper() -> None:
    plan = planned(
        function={"provisioned_concurrency": 81},
        traffic={"average_rps": 1000, "average_ms": 162},
        processing={"events": "inline", "audiences": "inline", "dsr": "inline"},
        queue={"keep": False},
    )
    found = bill(plan)

    assert found["warm environments"] == exactly(81 * 2_626_560 * 3.3334e-6)
    # half of the 162 that are busy are warm
    assert found["time when warm"] == exactly(81 * 2_626_560 * 7.7778e-6)
    assert found["time of the endpoint"] == exactly(81 * 2_626_560 * 13.3334e-6)


def test_snapshots_cost_with_python_and_nothing_with_java(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "acme.jar").touch()
    jar = {"path": "acme.jar", "runtime": "java21", "handler": "com.acme.Endpoint::handleRequest"}

    found = bill(planned(function={"snap_start": True}))
    assert found["snapshots kept"] == exactly(2_626_560 * 1.5046e-6)
    # the 162 environments that are busy, every two hours, each with 1 GB
    assert found["snapshots restored"] == exactly(162 * 364.8 * 0.0001397998)
    assert planned(code=jar).function.snap_start
    assert not {it for it in bill(planned(code=jar)) if "snapshot" in it or "log" in it}


def test_x86_costs_a_quarter_more_than_arm() -> None:
    # "up to 20 % less": aws.amazon.com/lambda/pricing
    arm, x86 = (
        bill(planned(function={"architecture": it, "provisioned_concurrency": 81}))
        for it in ("arm64", "x86_64")
    )

    for line in ("time of the endpoint", "time when warm", "warm environments"):
        assert x86[line] / arm[line] == pytest.approx(1.25, rel=1e-3)


def test_alarm_over_two_endpoints_costs_half_a_dollar() -> None:
    plan = planned(transports=["lambda", "https"], alarms={"go_live": True})

    assert bill(plan)["alarms over alarms"] == 0.5


def test_deduplication_writes_twice_for_each_queued_message() -> None:
    found = bill(planned(delivery={"deduplicate": True}))
    queued = 400 * 2_626_560

    assert found["deduplication: writes"] == exactly(2 * queued * 0.625e-6)
    assert found["deduplication: table"] == exactly(queued * 150e-9 * 30 / 30.4 * 0.45)


@given(
    rps=st.integers(1, 50_000),
    memory=st.integers(256, 10_239),
    average=st.integers(1, 5_000),
    https=st.booleans(),
)
def test_more_calls_memory_or_time_never_cost_less(
    rps: int, memory: int, average: int, https: bool
) -> None:
    def usd(rps: int, memory: int, average: int) -> float:
        plan = planned(
            transports=["lambda", "https"] if https else ["lambda"],
            function={"memory_mb": memory},
            traffic={"average_rps": rps, "peak_rps": 10_000_000, "average_ms": average},
        )
        return region_cost(plan, LIST_PRICES).usd

    least = usd(rps, memory, average)
    assert least > 0
    assert usd(rps + 1, memory, average) > least
    assert usd(rps, memory + 1, average) >= least
    assert usd(rps, memory, average + 1) > least


def test_tiers_are_paid_step_by_step() -> None:
    assert LIST_PRICES.of("us-east-1", "log_gb", 10_000) == exactly(5_000)
    assert LIST_PRICES.of("us-east-1", "log_gb", 60_000) == exactly(
        10_000 * 0.5 + 20_000 * 0.25 + 20_000 * 0.1 + 10_000 * 0.05
    )
    assert LIST_PRICES.of("us-east-1", "log_gb", 0) == 0


def test_every_price_has_a_page_of_aws_and_a_figure_in_every_region() -> None:
    called = {plan.region for plan in regions(Deployment.model_validate({"name": "acme"}), AWS)}

    assert set(PRICES) == set(PRICE_KEYS)
    for price in PRICES.values():
        assert price.source.startswith("aws.amazon.com/")
        assert set(price.usd) == called
        assert price.quoted <= called
        for tiers in price.usd.values():
            assert [limit for limit, _ in tiers] == sorted({limit for limit, _ in tiers})
            assert tiers[-1][0] == float("inf")
