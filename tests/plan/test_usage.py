"""What a region uses of AWS in a month, counted by hand."""

from __future__ import annotations

from typing import Any

import pytest

from plan.usage import queued_share, usage_of
from tests.plan.bills import exactly
from tests.plan.planning import planned

BOTH = ["lambda", "https"]
INLINE = {
    "processing": {"events": "inline", "audiences": "inline", "dsr": "inline"},
    "queue": {"keep": False},
}
STANDING = {"kms_keys", "metrics", "alarm_metrics", "composite_alarms", "dashboards", "secrets"}
"""Prices of a thing for a month, however much it is used."""
MONTH = 30.4 * 24 * 3_600


def used(**choices: Any) -> dict[str, float]:
    return {it.what: it.units for it in usage_of(planned(**choices))}


@pytest.mark.parametrize(
    ("choices", "standing"),
    [
        (
            {**INLINE, "function": {"reserved_concurrency": "unreserved"}},
            {"kms_keys": 1, "alarm_metrics": 11, "dashboards": 1},
        ),
        (
            {**INLINE, "alarms": {"go_live": True}},
            {"kms_keys": 1, "alarm_metrics": 13, "dashboards": 1},
        ),
        (
            {**INLINE, "transports": ["https"]},
            {"kms_keys": 2, "metrics": 2, "alarm_metrics": 20, "dashboards": 1, "secrets": 1},
        ),
        (
            {
                "transports": BOTH,
                "alarms": {"go_live": True},
                "function": {"provisioned_concurrency": 5},
            },
            {
                "kms_keys": 3,
                "metrics": 13,
                "alarm_metrics": 49,
                "composite_alarms": 1,
                "dashboards": 1,
                "secrets": 1,
            },
        ),
    ],
)
def test_what_stands_costs_the_same_without_traffic(
    choices: dict[str, Any], standing: dict[str, int]
) -> None:
    found = {it.price: it.units for it in usage_of(planned(**choices)) if it.price in STANDING}

    assert found == standing


def test_queue_is_polled_by_five_connections_even_if_little_comes() -> None:
    queued = 0.2 * MONTH
    polls = 5 * MONTH / 20

    assert used(traffic={"average_rps": 1})["requests of the queue"] == exactly(
        (queued + polls + queued / 10) / 1e6
    )


def test_worker_takes_a_batch_in_as_many_turns_as_it_needs() -> None:
    batches = 400 * MONTH / 10

    assert used(worker={"parallel": 4})["time of the worker"] == exactly(
        batches * 3 * 0.1 * 0.5 / 1e6
    )


def test_each_endpoint_keeps_a_snapshot_and_restores_it_every_two_hours() -> None:
    found = used(transports=BOTH, function={"snap_start": True, "memory_mb": 2_048})

    assert found["snapshots kept"] == exactly(2 * 2 * MONTH / 1e6)
    # 2,000 calls a second, of which four fifths last 100 ms and one fifth 5 ms
    assert found["snapshots restored"] == exactly(2 * 162 * MONTH / 7_200 * 2 / 1_000)


def test_warm_environments_beyond_the_busy_ones_run_every_call() -> None:
    found = used(function={"provisioned_concurrency": 1_000})

    assert "time of the endpoint" not in found
    assert found["time when warm"] == exactly(162 * MONTH / 1e6)
    assert found["warm environments"] == exactly(1_000 * MONTH / 1e6)


@pytest.mark.parametrize("architecture", ["arm64", "x86_64"])
def test_time_is_paid_by_architecture(architecture: str) -> None:
    function = {"architecture": architecture, "provisioned_concurrency": 5}
    prices = {it.what: it.price for it in usage_of(planned(function=function))}

    assert prices["time of the endpoint"] == f"lambda_{architecture}"
    assert prices["time when warm"] == f"provisioned_run_{architecture}"
    assert prices["warm environments"] == f"provisioned_{architecture}"
    assert prices["time of the worker"] == f"lambda_{architecture}"


@pytest.mark.parametrize(
    ("processing", "share"),
    [
        ({"events": "overflow", "audiences": "inline", "dsr": "inline"}, 0.2),
        ({"events": "inline", "audiences": "queued", "dsr": "inline"}, 0.2),
        ({"events": "inline", "audiences": "inline", "dsr": "inline"}, 0),
    ],
)
def test_calls_go_through_the_queue_where_something_may(
    processing: dict[str, str], share: float
) -> None:
    assert queued_share(planned(processing=processing)) == share


def test_data_within_a_region_costs_nothing() -> None:
    assert "data to your API" not in used(traffic={"sent_bytes": 0})
    assert used(traffic={"sent_bytes": 2_000})["data to your API"] == exactly(4e6 * MONTH / 1e9)


def test_each_environment_behind_https_reads_both_versions_of_the_token() -> None:
    found = used(transports=["https"], traffic={"average_rps": 50_000, "peak_rps": 50_000})

    assert found["reads of the token"] == exactly(2 * 5_000 * MONTH / 900 / 1e6)
