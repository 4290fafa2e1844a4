"""`firehose plan --cost`: rows that add up, the key that saves most, prices that are marked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from plan.cost import region_cost
from plan.deployment import Deployment
from plan.prices import LIST_PRICES, PRICE_KEYS
from plan.regions import regions
from plan.target import AWS
from tests.running import Run


def test_rows_add_up_in_every_region_and_in_all(run: Run) -> None:
    rows = json.loads(run("plan", "--cost", "--format", "json", environment={}).stdout)
    *lines, total = rows
    names = ["us-east-1", "eu-central-1", "ap-southeast-2"]
    plans = regions(Deployment.model_validate({"name": "acme"}), AWS)

    assert total["what"] == "sum"
    for name, plan in zip(names, plans, strict=True):
        assert total[name] == round(region_cost(plan, LIST_PRICES).usd)
        assert sum(line[name] for line in lines) == pytest.approx(total[name], abs=5)
    assert sum(total[name] for name in names) == pytest.approx(total["all"], abs=2)
    assert [line["all"] for line in lines] == sorted((it["all"] for it in lines), reverse=True)
    assert all(line["source"].startswith("aws.amazon.com/") for line in lines)
    queue = next(it for it in lines if it["what"] == "requests of the queue")
    assert queue["remembered"] == ["eu-central-1", "ap-southeast-2"]


def test_says_what_dominates_and_the_keys_that_change_it(run: Run) -> None:
    talk = run("plan", "--cost", "--region", "us-east-1", environment={}).stderr.splitlines()

    assert talk[0].startswith("About 8,")
    assert "for us-east-1, at 2,000 requests a second (AWS's list prices, " in talk[0]
    assert talk[1].startswith("Time of the endpoint is 68")
    assert talk[2].startswith("Next: function.memory_mb = 512 saves 2,8")
    assert "measure with firehose tune" in talk[2]


def test_own_prices_are_named_and_nothing_is_said_of_memory(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "prices.toml"
    file.write_text("as_of = 2027-01-02\n[every]\nlambda_arm64 = 0\n", encoding="utf-8")
    ran = run("plan", "--cost", "--prices", str(file), environment={})

    assert f"(the prices of {file}, 2027-01-02)" in ran.stderr
    assert "from memory" not in ran.stderr


def test_what_costs_nothing_is_said_to_cost_nothing(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "prices.toml"
    free = "\n".join(f"{key} = 0" for key in PRICE_KEYS)
    file.write_text(f"as_of = 2027-01-02\n[every]\n{free}\n", encoding="utf-8")
    ran = run("plan", "--cost", "--prices", str(file), environment={})

    assert ran.returncode == 0
    assert ran.stderr.startswith("About 0 USD a month")


def test_wrong_prices_are_wrong_usage(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "prices.toml"
    file.write_text("as_of = 2027-01-02\n[every]\nlambda = 1\n", encoding="utf-8")
    ran = run("plan", "--cost", "--prices", str(file), environment={})

    assert (ran.returncode, ran.stdout) == (2, "")
    assert "every.lambda: found this name" in ran.stderr


def test_cost_and_capacity_at_once_are_wrong_usage(run: Run) -> None:
    ran = run("plan", "--cost", "--capacity", environment={})

    assert (ran.returncode, ran.stdout) == (2, "")
    assert "--cost: found with --capacity" in ran.stderr


def test_the_plan_ends_with_what_it_costs(run: Run) -> None:
    ran = run("plan", environment={})

    last = ran.stderr.splitlines()[-1]
    assert last.startswith("About 2")
    assert last.endswith(": firehose plan --cost")
