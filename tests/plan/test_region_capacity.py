"""What a region's plan gives its endpoint and its worker, compared with what its traffic needs."""

from __future__ import annotations

from typing import Any

from plan.capacity import capacity_of
from tests.plan.planning import planned

INLINE: dict[str, Any] = {
    "processing": {"events": "inline", "audiences": "inline", "dsr": "inline"},
    "queue": {"keep": False},
}


def test_defaults_have_mparticles_least_and_need_more_at_the_peak() -> None:
    found = capacity_of(planned())

    assert (found.available, found.endpoint) == (1_000, 2_500)
    assert (found.worker, found.worker_needs) == (100, 5)
    assert found.account == 2_500 + 100 + 100
    assert (found.sustained_rps, found.throttled_at_peak) == (5_000, 0.5)
    assert found.needed_api_rps is None


def test_reservation_is_what_the_endpoint_may_use() -> None:
    assert capacity_of(planned(function={"reserved_concurrency": 1_500})).available == 1_500


def test_endpoint_without_a_reservation_has_the_accounts_pool() -> None:
    plan = planned(function={"reserved_concurrency": "unreserved"})

    assert capacity_of(plan).available == 1_000


def test_region_without_a_queue_needs_no_worker() -> None:
    found = capacity_of(planned(**INLINE))

    assert (found.worker, found.worker_needs, found.account) == (0, 0, 2_500 + 100)


def test_worker_without_a_reservation_counts_with_what_it_needs() -> None:
    def worker(percent: int) -> int:
        reservation = {"reserved_concurrency": "unreserved"}
        plan = planned(worker=reservation, traffic={"queued_percent": percent})
        return capacity_of(plan).worker

    assert (worker(20), worker(0)) == (5, 0)


def test_both_transports_need_an_endpoint_each_that_carries_everything() -> None:
    found = capacity_of(
        planned(transports=["lambda", "https"], https={"requests_per_second": 3_000})
    )

    assert found.account == 2 * 2_500 + 100 + 100
    assert (found.sustained_rps, found.needed_api_rps) == (3_000, 12_500)
