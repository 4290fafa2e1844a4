"""A partner's own prices in place of AWS's."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from plan.price_file import prices_of
from plan.prices import LIST_PRICES
from plan.problems import DeploymentError


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "prices.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_without_a_file_they_are_the_list_prices() -> None:
    assert prices_of(None) is LIST_PRICES


def test_a_price_holds_everywhere_or_in_one_region(tmp_path: Path) -> None:
    prices = prices_of(
        written(
            tmp_path,
            "as_of = 2027-01-02\n[every]\nlog_gb = 0.4\nkms_keys = 2\n"
            "[regions.eu-central-1]\nlog_gb = 0.3\n",
        )
    )

    assert prices.as_of == date(2027, 1, 2)
    assert prices.of("us-east-1", "log_gb", 100_000) == pytest.approx(40_000)
    assert prices.of("eu-central-1", "log_gb", 10) == pytest.approx(3)
    assert prices.of("eu-central-1", "kms_keys", 1) == 2
    assert prices.of("us-east-1", "dashboards", 1) == 3


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[every]\nlog_gb = 1\n", "as_of: found nothing"),
        ("as_of = 2027-01-02\n[every]\nlog_gb = -1\n", "every.log_gb: found -1"),
        ("as_of = 2027-01-02\n[every]\nlog_gb = inf\n", "every.log_gb: found"),
        ("as_of = 2027-01-02\n[every]\nlogs = 1\n", "every.logs: found this name"),
        ("as_of = 2027-01-02\n[regions.mars-1]\nlog_gb = 1\n", "regions.mars-1: found this name"),
    ],
)
def test_problem_of_a_price_file_is_named(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(DeploymentError) as error:
        prices_of(written(tmp_path, text))

    assert problem in str(error.value)
