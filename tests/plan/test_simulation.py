"""The simulated traffic: it agrees with the arithmetic, and shows what arithmetic cannot."""

from __future__ import annotations

import statistics
import time

import pytest

from plan.capacity import busy_environments, scale_up_seconds, sustained_rps, throttled_share
from plan.simulation import Second, Service, ramp, simulate
from plan.simulation import throttled_share as simulated_share
from plan.traffic import Traffic


def steady(rps: int, duration_ms: int, service: Service) -> tuple[Second, ...]:
    """Play a steady rate long enough to settle, and give the last minute."""
    settled = int(scale_up_seconds(busy_environments(rps, duration_ms))) + 30
    rates = (float(rps),) * (settled + 60)
    return simulate(rates, service, duration_ms=duration_ms, cold_start_ms=500)[-60:]


@pytest.mark.parametrize("rps", [2_000, 10_000, 100_000])
@pytest.mark.parametrize("duration_ms", [20, 100, 150, 200, 1_000])
@pytest.mark.parametrize("of_the_need", [0.3, 0.8, 1.25])
def test_agrees_with_the_arithmetic_at_a_steady_rate(
    rps: int, duration_ms: int, of_the_need: float
) -> None:
    need = busy_environments(rps, duration_ms)
    concurrency = round(need * of_the_need)
    seconds = steady(rps, duration_ms, Service(concurrency=concurrency))
    busy = sum(second.busy for second in seconds) / len(seconds)

    assert simulated_share(seconds) == pytest.approx(
        throttled_share(rps, sustained_rps(concurrency, duration_ms)), abs=0.015
    )
    assert busy == pytest.approx(min(need, concurrency), rel=0.05)


def test_agrees_with_the_regional_rate_of_the_api() -> None:
    limited = Service(concurrency=4_000, rate_limit=10_000, burst=5_000)

    assert simulated_share(steady(20_000, 100, limited)) == pytest.approx(0.5, abs=0.01)


def test_reservation_without_margin_refuses_some_calls_though_the_arithmetic_says_none() -> None:
    seconds = steady(10_000, 100, Service(concurrency=1_000))

    assert throttled_share(10_000, sustained_rps(1_000, 100)) == 0
    assert 0.005 < simulated_share(seconds) < 0.05


def test_cold_burst_is_refused_until_lambda_has_started_enough() -> None:
    seconds = simulate(
        (10_000.0,) * 40, Service(concurrency=2_500), duration_ms=200, cold_start_ms=0
    )

    # a thousand at the first tenth of a second, and ten more at each that follows
    assert [second.environments for second in seconds[:2]] == [1_090, 1_190]
    assert seconds[5].throttled > 1_000
    assert sum(second.throttled for second in seconds[15:]) == 0


def test_warm_environments_take_the_burst() -> None:
    service = Service(concurrency=2_500, warm=2_300)
    seconds = simulate((10_000.0,) * 40, service, duration_ms=200, cold_start_ms=500)

    assert simulated_share(seconds) == 0


def test_calls_are_neither_lost_nor_served_beyond_the_limits() -> None:
    seconds = simulate(
        ramp(Traffic()), Service(concurrency=700), duration_ms=130, cold_start_ms=900
    )

    for second in seconds:
        assert 0 <= second.throttled <= second.arrived
        assert 0 <= second.busy <= second.environments <= 700
        assert second.cold <= second.arrived


def test_same_seed_gives_the_same_seconds() -> None:
    def play(seed: int) -> tuple[Second, ...]:
        simulate.cache_clear()
        service = Service(concurrency=900)
        return simulate(ramp(Traffic()), service, duration_ms=90, cold_start_ms=0, seed=seed)

    assert play(1) == play(1)
    assert play(1) != play(2)


def test_ramp_starts_at_the_average_and_holds_the_peak_until_all_has_started() -> None:
    rates = ramp(Traffic(average_rps=100, peak_rps=10_000, p99_ms=200, ramp_seconds=9))

    assert rates[0] == 100
    assert rates[30:32] == (100, 1_200)
    assert rates[-70:] == (10_000.0,) * 70
    assert len(rates) == 30 + 9 + 10 + 60


def test_peak_follows_the_average_at_once_without_a_ramp() -> None:
    rates = ramp(Traffic(average_rps=100, peak_rps=1_000, p99_ms=100, ramp_seconds=0))

    assert rates == (100.0,) * 30 + (1_000.0,) * 60


def test_nothing_happens_without_calls() -> None:
    nothing = Second(arrived=0, throttled=0, cold=0, busy=0, environments=0)
    seconds = simulate((0.0,) * 3, Service(concurrency=9), duration_ms=100, cold_start_ms=500)

    assert seconds == (nothing,) * 3
    assert simulated_share(seconds) == 0


@pytest.mark.parametrize("rps", [20.0, 1_000.0])
def test_calls_arrive_at_the_rate_on_the_average_and_never_evenly(rps: float) -> None:
    service = Service(concurrency=1_000)
    seconds = simulate((rps,) * 200, service, duration_ms=100, cold_start_ms=0)
    arrived = [second.arrived for second in seconds]

    assert statistics.mean(arrived) == pytest.approx(rps, rel=0.05)
    assert statistics.variance(arrived) == pytest.approx(rps, rel=0.3)


def test_first_call_of_an_environment_keeps_it_for_the_cold_start_too() -> None:
    service = Service(concurrency=10_000)
    first, second = simulate((500.0,) * 2, service, duration_ms=100, cold_start_ms=900)

    assert first.arrived == first.cold == first.busy == first.environments
    assert second.environments == first.cold + second.cold
    assert second.busy < second.environments


def test_a_million_requests_a_second_are_not_simulated_one_by_one() -> None:
    simulate.cache_clear()

    def seconds(peak_rps: int) -> float:
        rates = ramp(Traffic(average_rps=100, peak_rps=peak_rps, p99_ms=100))
        started = time.process_time()
        simulate(rates, Service(concurrency=100_000), duration_ms=100, cold_start_ms=500)
        return time.process_time() - started

    assert seconds(1_000_000) < 100 * seconds(1_000)  # one by one it would be 1,000 times
