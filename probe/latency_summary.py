"""What many timed calls say about mParticle's demand: percentiles, a share and how sure it is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from plan.mparticle import ANSWERED_IN_TIME_PERCENT
from probe.answer_histogram import histogram_of, milliseconds_at
from probe.timed_calls import TimedCall

Conclusion = Literal["pass", "fail", "too few calls"]

CONFIDENCE_PERCENT = 95
_PERCENTILES = {"p50": 50.0, "p95": 95.0, "p99": 99.0, "p99_9": 99.9}


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What was measured; shares are 0 to 1, `at_least` the lower bound of `in_time`'s truth."""

    calls: int
    answered: int
    throttled: int
    failed: int
    cold: int
    limit_ms: int
    in_time: float
    at_least: float
    percentiles_ms: dict[str, float]
    cold_p50_ms: float | None
    late_p99_ms: float

    @property
    def conclusion(self) -> Conclusion:
        """Judge by mParticle's words: 99 % within the limit, no throttling, no errors."""
        demanded = ANSWERED_IN_TIME_PERCENT / 100
        if self.throttled or self.failed or self.in_time < demanded:
            return "fail"
        return "pass" if self.at_least >= demanded else "too few calls"

    def sentence(self) -> str:
        """Say the result as mParticle would ask for it."""
        return (
            f"{self.in_time:.2%} of {self.answered:,} answers within {self.limit_ms} ms"
            f" (at least {self.at_least:.2%} with {CONFIDENCE_PERCENT} % confidence),"
            f" {self.throttled} throttled, {self.failed} failed: {self.conclusion}"
        )


def summary(calls: Sequence[TimedCall], *, limit_ms: int) -> Summary:
    """Summarize calls; cold ones count, and are shown apart as well."""
    answered = [call.milliseconds for call in calls if call.outcome == "answered"]
    in_time = sum(milliseconds <= limit_ms for milliseconds in answered)
    cold = [call.milliseconds for call in calls if call.cold and call.outcome == "answered"]
    times = histogram_of(answered)
    return Summary(
        calls=len(calls),
        answered=len(answered),
        throttled=sum(call.outcome == "throttled" for call in calls),
        failed=sum(call.outcome == "failed" for call in calls),
        cold=len(cold),
        limit_ms=limit_ms,
        in_time=in_time / len(answered) if answered else 0.0,
        at_least=lower_bound(in_time, len(answered)),
        percentiles_ms={
            name: milliseconds_at(times, percent) for name, percent in _PERCENTILES.items()
        }
        if answered
        else {},
        cold_p50_ms=milliseconds_at(histogram_of(cold), 50) if cold else None,
        late_p99_ms=milliseconds_at(histogram_of(call.late_ms for call in calls), 99),
    )


def lower_bound(hits: int, trials: int) -> float:
    """Give the Clopper-Pearson lower bound of a share: exact, so true more often than it says."""
    if hits == 0:
        return 0.0
    low, high = 0.0, hits / trials
    for _ in range(50):
        middle = (low + high) / 2
        if _chance_of_so_few_misses(trials - hits, trials, middle) > 1 - CONFIDENCE_PERCENT / 100:
            high = middle
        else:
            low = middle
    return low


def calls_needed() -> int:
    """Count the calls after which a run without a slow one proves mParticle's share."""
    demanded = ANSWERED_IN_TIME_PERCENT / 100
    return math.ceil(math.log(1 - CONFIDENCE_PERCENT / 100) / math.log(demanded))


def _chance_of_so_few_misses(misses: int, trials: int, share: float) -> float:
    """Give the chance of at most so many misses where each trial hits with a true share."""
    if share <= 0:
        return 0.0
    hit, miss = math.log(share), math.log1p(-share) if share < 1 else -math.inf
    total = 0.0
    for number in range(misses + 1):
        ways = math.lgamma(trials + 1) - math.lgamma(number + 1) - math.lgamma(trials - number + 1)
        total += math.exp(ways + (number * miss if number else 0.0) + (trials - number) * hit)
    return total
