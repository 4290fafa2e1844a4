"""What sizes come to, which is advised, and the page that shows it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.tuning.advice import advised
from ops.tuning.measurement import MeasuredSize, TunedCall, measured_sizes, reported_in
from ops.tuning.tuning_page import page
from plan.prices import LIST_PRICES
from plan.region_plan import RegionPlan


def size(memory_mb: int, p99_ms: float, usd: float, **others: int) -> MeasuredSize:
    found = MeasuredSize(
        memory_mb=memory_mb,
        calls=100,
        failed=0,
        first_ms=400,
        p50_ms=p99_ms / 2,
        p99_ms=p99_ms,
        billed_ms=p99_ms / 2,
        used_mb=100,
        usd_per_million=usd,
        is_reported=True,
    )
    return replace(found, **others)  # type: ignore[arg-type]


def call(milliseconds: float, *, failed: bool = False) -> TunedCall:
    return TunedCall(
        milliseconds=milliseconds,
        billed_ms=milliseconds,
        used_mb=90,
        failed=failed,
        is_reported=True,
    )


def test_cheapest_size_in_time_is_advised() -> None:
    sizes = [size(256, 260, 0.6), size(512, 150, 0.9), size(1024, 90, 1.4)]

    advice = advised(sizes, limit_ms=200)

    assert advice.chosen is sizes[1]
    assert advice.reason == "the cheapest with a p99 within 200 ms"


def test_faster_size_that_costs_nearly_the_same_is_advised() -> None:
    sizes = [size(512, 150, 1.0), size(1024, 70, 1.04), size(2048, 60, 1.9)]

    assert advised(sizes, limit_ms=200).chosen is sizes[1]


def test_fastest_size_is_advised_where_none_is_in_time() -> None:
    sizes = [size(512, 400, 1.0), size(1024, 300, 2.0)]
    advice = advised(sizes, limit_ms=200)

    assert advice.chosen is sizes[1]
    assert "no size has a p99 within 200 ms" in advice.reason


@pytest.mark.parametrize("others", [{"failed": 1}, {"used_mb": 480}])
def test_size_that_failed_or_has_no_memory_to_spare_is_not_advised(others: dict[str, int]) -> None:
    unfit, fit = size(512, 50, 0.5, **others), size(1024, 60, 0.9)

    assert advised([unfit, fit], limit_ms=200).chosen is fit
    assert advised([unfit], limit_ms=200).chosen is None


def test_less_memory_than_mparticle_demands_is_not_advised() -> None:
    assert advised([size(128, 50, 0.1)], limit_ms=200).chosen is None


@given(st.lists(st.tuples(st.integers(1, 400), st.integers(1, 50)), min_size=1, max_size=6))
def test_advised_size_is_never_beaten_in_both_time_and_cost(pairs: list[tuple[int, int]]) -> None:
    sizes = [
        size(256 * 2**index, p99, usd / 10, used_mb=1) for index, (p99, usd) in enumerate(pairs)
    ]
    chosen = advised(sizes, limit_ms=200).chosen

    assert chosen
    if chosen.p99_ms <= 200:
        assert not any(
            it.p99_ms < chosen.p99_ms and it.usd_per_million < chosen.usd_per_million
            for it in sizes
        )
    else:
        assert all(it.p99_ms > 200 for it in sizes)


def test_a_million_calls_cost_their_requests_and_their_billed_time() -> None:
    calls = {512: [call(900), call(900), *(call(100) for _ in range(50))]}
    (found,) = measured_sizes(calls, region="us-east-1", architecture="arm64", prices=LIST_PRICES)

    # half a GB for a tenth of a second, a million times
    assert found.usd_per_million == pytest.approx(0.20 + 0.05 * 13.3334)
    assert (found.p50_ms, found.p99_ms, found.first_ms) == (100, 100, 900)


def test_size_whose_calls_fail_is_counted_and_left_out_where_nothing_is_left() -> None:
    calls = {
        256: [call(1, failed=True)] * 5,
        512: [*(call(10) for _ in range(5)), call(1, failed=True)],
    }
    (found,) = measured_sizes(calls, region="us-east-1", architecture="x86_64", prices=LIST_PRICES)

    assert (found.memory_mb, found.failed, found.p50_ms) == (512, 1, 10)


def test_report_is_read_as_text_too_and_missing_otherwise() -> None:
    text = (
        "START RequestId: 1\nREPORT RequestId: 1\tDuration: 12.34 ms\tBilled Duration: 13 ms\t"
        "Memory Size: 512 MB\tMax Memory Used: 77 MB\t\n"
    )
    found = reported_in(text)

    assert found
    assert (found.milliseconds, found.billed_ms, found.used_mb) == (12.34, 13, 77)
    assert reported_in('{"type":"platform.start"}\n[1]\nnot JSON') is None


def test_page_says_first_what_to_choose_and_holds_nothing_from_elsewhere(plan: RegionPlan) -> None:
    sizes = [size(512, 150, 0.9), size(1024, 90, 1.4)]
    text = page(plan, sizes, advised(sizes, limit_ms=200))

    assert "<strong>✓ 512 MB: the cheapest with a p99 within 200 ms</strong>" in text
    assert "<code>memory_mb = 512</code>" in text
    assert "mParticle's limit, 200 ms" in text
    assert text.count('class="chart"') == 2
    assert not re.search(r"<script|https?:|src=|href=|@import|url\(", text)


def test_page_without_a_choice_is_bad_and_still_whole(plan: RegionPlan) -> None:
    text = page(plan, [], advised([], limit_ms=200))

    assert "✗ Nothing to choose" in text
    assert 'class="chart"' not in text
