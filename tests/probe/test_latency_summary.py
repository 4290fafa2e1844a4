"""What timed calls prove: percentiles, the share in time and how sure that is."""

from __future__ import annotations

import itertools
import math
import threading
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probe.answer_histogram import histogram_of
from probe.latency_summary import calls_needed, lower_bound, summary
from probe.load_schedule import LoadSchedule, steady
from probe.open_loop_load import run_load
from probe.timed_calls import CallOutcome, TimedCall, drawn, most_at_once


def calls(
    *milliseconds: float, outcome: CallOutcome = "answered", cold: bool = False
) -> list[TimedCall]:
    return [
        TimedCall(due_seconds=0, milliseconds=it, late_ms=0, outcome=outcome, cold=cold)
        for it in milliseconds
    ]


def test_percentiles_are_exact_to_three_digits() -> None:
    times = calls(*[float(number) for number in range(1, 1_001)])

    found = summary(times, limit_ms=200).percentiles_ms

    assert found == pytest.approx({"p50": 500, "p95": 950, "p99": 990, "p99_9": 999}, rel=1e-3)


@given(st.lists(st.floats(0, 2_000_000), max_size=50))
def test_histogram_counts_every_time_however_short_or_long(times: list[float]) -> None:
    assert histogram_of(times).get_total_count() == len(times)


def test_most_at_once_is_what_overlaps() -> None:
    beside = [
        TimedCall(due_seconds=due, milliseconds=50, late_ms=0, outcome="answered", cold=False)
        for due in (0.0, 0.02, 0.04, 0.06)
    ]

    assert most_at_once(beside) == 3
    assert most_at_once([]) == 0


def test_of_very_many_calls_the_slowest_are_kept() -> None:
    kept = drawn([*calls(*[10.0] * 20_000), *calls(*[5_000.0] * 100)])

    assert 1_000 < len(kept) <= 2_000
    assert sum(call.milliseconds == 5_000 for call in kept) == 100
    assert len(drawn(calls(*[10.0] * 1_999))) == 1_999


@pytest.mark.parametrize(("hits", "trials"), [(10, 10), (95, 100), (299, 299), (990, 1000), (1, 9)])
def test_a_share_at_the_lower_bound_gives_so_many_hits_in_one_run_of_twenty(
    hits: int, trials: int
) -> None:
    share = Fraction(lower_bound(hits, trials))

    chance = sum(
        math.comb(trials, number) * share**number * (1 - share) ** (trials - number)
        for number in range(hits, trials + 1)
    )

    assert float(chance) == pytest.approx(0.05, abs=1e-6)


def test_lower_bound_without_a_hit_is_zero() -> None:
    assert (lower_bound(0, 10), lower_bound(0, 0)) == (0, 0)


def test_299_calls_in_time_prove_99_percent_and_298_do_not() -> None:
    assert calls_needed() == 299
    assert summary(calls(*[50.0] * 299), limit_ms=200).conclusion == "pass"
    assert summary(calls(*[50.0] * 298), limit_ms=200).conclusion == "too few calls"


def test_slow_answers_throttles_and_errors_each_fail_a_run() -> None:
    fast = calls(*[50.0] * 980)

    assert summary([*fast, *calls(*[300.0] * 20)], limit_ms=200).conclusion == "fail"
    assert summary([*fast, *calls(5, outcome="throttled")], limit_ms=200).conclusion == "fail"
    assert summary([*fast, *calls(5, outcome="failed")], limit_ms=200).conclusion == "fail"
    assert summary([], limit_ms=200).conclusion == "fail"


def test_summary_counts_cold_calls_and_shows_them_apart() -> None:
    result = summary([*calls(900, cold=True), *calls(*[40.0] * 999)], limit_ms=200)

    assert (result.calls, result.cold) == (1000, 1)
    assert result.cold_p50_ms == pytest.approx(900, rel=1e-3)
    assert result.in_time == 0.999
    assert result.percentiles_ms == {"p50": 40, "p95": 40, "p99": 40, "p99_9": 40}
    assert result.sentence() == (
        "99.90% of 1,000 answers within 200 ms (at least 99.53% with 95 % confidence),"
        " 0 throttled, 0 failed: pass"
    )


def test_calls_begin_when_they_are_due_although_earlier_ones_are_not_answered() -> None:
    stop = threading.Event()
    seen: list[tuple[int, int]] = []

    ten = threading.Barrier(10)

    def slow() -> CallOutcome:
        ten.wait(60)
        return "answered"

    found = run_load(
        slow,
        due=steady(50, 0.4).due(),
        stop=stop,
        report=lambda done, total: seen.append((done, total)),
    )

    assert {call.outcome for call in found} == {"answered"}, "none before nine others"
    assert [call.due_seconds for call in found] == [number / 50 for number in range(20)]
    assert found[0].milliseconds >= 180, "the tenth is due by then"
    assert found[0].cold
    assert sum(call.cold for call in found) < 20, "an environment that has ended serves again"
    assert seen[-1] == (20, 20)


def test_stop_ends_the_load_and_waits_for_what_is_under_way() -> None:
    stop = threading.Event()

    def call() -> CallOutcome:
        stop.set()
        return "answered"

    found = run_load(call, due=steady(10, 60).due(), stop=stop, report=lambda *_: None)

    assert len(found) == 1


def test_what_a_call_does_not_expect_is_raised() -> None:
    def call() -> CallOutcome:
        raise RuntimeError("boom")

    with pytest.raises(RuntimeError, match="boom"):
        run_load(call, due=[0.0], stop=threading.Event(), report=lambda *_: None)


@given(st.floats(1, 500), st.floats(1, 500), st.floats(1, 60))
def test_ramp_is_called_ever_faster_or_slower_within_its_time(
    first: float, last: float, seconds: float
) -> None:
    schedule = LoadSchedule(first_rate=first, last_rate=last, seconds=seconds)

    due = schedule.due()

    pauses = [after - before for before, after in itertools.pairwise(due)]
    assert len(due) == schedule.calls
    assert due[0] == 0
    assert due[-1] <= seconds * 1.001 + 1 / min(first, last)
    assert pauses == pytest.approx(sorted(pauses, reverse=first < last), abs=1e-6)


def test_schedule_names_its_rates_and_its_length() -> None:
    ramp = LoadSchedule(first_rate=100, last_rate=2_000, seconds=60)

    assert (str(steady(20, 30)), str(ramp)) == (
        "20 a second for 30 s",
        "100 to 2000 a second within 60 s",
    )
    assert ramp.calls == 63_000
