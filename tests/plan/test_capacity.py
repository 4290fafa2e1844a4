"""Concurrency and quota arithmetic: mParticle's numbers, AWS's limits, the design's table."""

from __future__ import annotations

import pytest

from plan.capacity import (
    busy_environments,
    capacity,
    endpoint_concurrency,
    scale_up_seconds,
    sustained_rps,
    throttled_share,
    worker_concurrency,
)
from plan.traffic import Traffic


@pytest.mark.parametrize(
    ("rps", "p99_ms", "busy", "account"),
    [
        (2_000, 50, 200, 1_100),
        (2_000, 100, 200, 1_100),
        (2_000, 200, 400, 1_100),
        (10_000, 100, 1_000, 1_350),
        (10_000, 200, 2_000, 2_600),
        (10_000, 1_000, 10_000, 12_600),
    ],
)
def test_account_needs_what_mparticles_numbers_come_to(
    rps: int, p99_ms: int, busy: int, account: int
) -> None:
    traffic = Traffic(average_rps=1, peak_rps=rps, p99_ms=p99_ms)

    assert busy_environments(rps, p99_ms) == busy
    assert capacity(traffic, available=1_000).account == account


def test_an_environment_serves_ten_requests_a_second_however_short_they_are() -> None:
    assert busy_environments(10_000, 1) == busy_environments(10_000, 100) == 1_000
    assert sustained_rps(1_000, 1) == sustained_rps(1_000, 100) == 10_000
    assert sustained_rps(1_000, 200) == 5_000


def test_a_part_of_an_environment_is_a_whole_one() -> None:
    assert busy_environments(1, 1) == 1
    assert busy_environments(3, 500) == 2
    assert endpoint_concurrency(10_001, 101) == 1_263


def test_large_loads_are_worked_out_to_the_last_environment() -> None:
    assert busy_environments(1_000_000, 1_000) == 1_000_000
    assert endpoint_concurrency(1_000_000, 1_000) == 1_250_000


def test_worker_and_others_add_to_what_the_account_needs() -> None:
    traffic = Traffic(average_rps=2_000, peak_rps=10_000, p99_ms=100, other_reserved=300)
    needed = capacity(traffic, available=1_000, worker=100)

    assert needed.account == 1_250 + 100 + 300 + 100


@pytest.mark.parametrize(
    ("percent", "delivery_ms", "parallel", "batches"),
    [
        (100, 100, 10, 125),
        (100, 100, 1, 1_250),
        (100, 100, 4, 375),
        (20, 100, 10, 25),
        (0, 1, 1, 0),
        (100, 1_000, 1, 12_500),
    ],
)
def test_worker_keeps_up_with_the_average(
    percent: int, delivery_ms: int, parallel: int, batches: int
) -> None:
    traffic = Traffic(average_rps=10_000, queued_percent=percent, delivery_ms=delivery_ms)

    assert worker_concurrency(traffic, batch_size=10, parallel=parallel) == batches


def test_account_needs_the_larger_of_the_workers_reservation_and_need() -> None:
    def account(reserved: int, needed: int) -> int:
        return capacity(Traffic(), available=1_000, worker=reserved, worker_needs=needed).account

    assert account(100, 5) == 2_500 + 100 + 100
    assert account(100, 300) == 2_500 + 300 + 100


def test_share_of_refused_calls_is_what_the_reservation_cannot_serve() -> None:
    assert throttled_share(10_000, 5_000) == 0.5
    assert throttled_share(5_000, 10_000) == 0.0


def test_https_is_held_to_the_regional_rate_of_api_gateway() -> None:
    traffic = Traffic(peak_rps=20_000, p99_ms=100)
    over_https = capacity(traffic, available=4_000, api_rps=15_000)
    invoked = capacity(traffic, available=4_000)

    assert (invoked.sustained_rps, invoked.needed_api_rps) == (40_000, None)
    assert (over_https.sustained_rps, over_https.needed_api_rps) == (10_000, 25_000)
    assert over_https.throttled_at_peak == 0.5


def test_thousand_environments_start_at_once_and_a_hundred_more_each_second() -> None:
    assert scale_up_seconds(1_000) == 0
    assert scale_up_seconds(2_000) == 10
    assert scale_up_seconds(-5) == 0


def test_started_environments_save_the_time_to_start_them() -> None:
    traffic = Traffic(peak_rps=10_000, p99_ms=200)

    def cold_seconds(**warm: int) -> float:
        return capacity(traffic, available=2_500, **warm).scale_up_seconds

    assert (cold_seconds(warm=500), cold_seconds(warm=1_000), cold_seconds()) == (5, 0, 10)
