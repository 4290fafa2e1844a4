"""Traffic against Lambda's limits, second by second: what the steady-state arithmetic cannot say.

The model steps through time by a tenth of a second, the shortest time for which a call keeps an
environment, and counts calls instead of following each, so its cost does not depend on the rate.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from plan.capacity import busy_environments, occupied_ms, scale_up_seconds
from plan.quotas import REQUESTS_PER_ENVIRONMENT, SCALE_UP_BURST, SCALE_UP_PER_SECOND
from plan.traffic import Traffic

STEPS_PER_SECOND = REQUESTS_PER_ENVIRONMENT
_STEP_MS = 1_000 // STEPS_PER_SECOND
_AVERAGE_SECONDS = 30
PEAK_SECONDS = 60
"""Of the peak, after the last environment has started: the steady state of the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What serves the calls.

    `concurrency` environments at most, `warm` of them started before the first call; `rate_limit`
    and `burst` are those of the API in front, none without one.
    """

    concurrency: int
    warm: int = 0
    rate_limit: int | None = None
    burst: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Second:
    """What happened in one second; `busy` and `environments` are as it ended."""

    arrived: int
    throttled: int
    cold: int
    busy: int
    environments: int


def ramp(traffic: Traffic) -> tuple[float, ...]:
    """Give the rate of each second: the average to a cold endpoint, a ramp, then the peak.

    The peak lasts until Lambda had the time to start what it needs, and a minute more.
    """
    average, climb = traffic.average_rps, traffic.peak_rps - traffic.average_rps
    starting = scale_up_seconds(busy_environments(traffic.peak_rps, traffic.p99_ms))
    return (
        *(float(average) for _ in range(_AVERAGE_SECONDS)),
        *(average + climb * it / traffic.ramp_seconds for it in range(traffic.ramp_seconds)),
        *(float(traffic.peak_rps) for _ in range(math.ceil(starting) + PEAK_SECONDS)),
    )


@cache
def simulate(
    rates: tuple[float, ...],
    service: Service,
    *,
    duration_ms: int,
    cold_start_ms: int,
    seed: int = 1,
) -> tuple[Second, ...]:
    """Play a rate of each second against a service; the same seed gives the same seconds.

    Regions with the same traffic and service share one answer. Every call lasts `duration_ms`,
    and `cold_start_ms` more on a new environment.
    """
    arrivals = random.Random(seed)  # noqa: S311 - traffic, no secret
    pool = _Pool(
        concurrency=service.concurrency,
        environments=min(service.warm, service.concurrency),
        warm_ms=occupied_ms(duration_ms),
        cold_ms=occupied_ms(duration_ms + cold_start_ms),
    )
    admit = _gate(service)
    seconds = []
    for rate in rates:
        arrived = throttled = cold = 0
        for _ in range(STEPS_PER_SECOND):
            calls = _poisson(arrivals, rate / STEPS_PER_SECOND)
            admitted = admit(calls)
            refused, started = pool.step(admitted)
            arrived += calls
            throttled += calls - admitted + refused
            cold += started
        seconds.append(
            Second(
                arrived=arrived,
                throttled=throttled,
                cold=cold,
                busy=pool.busy,
                environments=pool.environments,
            )
        )
    return tuple(seconds)


def throttled_share(seconds: Sequence[Second]) -> float:
    """Give the refused share, 0 to 1, of all calls of some seconds."""
    arrived = sum(second.arrived for second in seconds)
    return sum(second.throttled for second in seconds) / arrived if arrived else 0.0


class _Pool:
    """The environments of one function: those that are busy, and how fast others may start."""

    def __init__(self, *, concurrency: int, environments: int, warm_ms: int, cold_ms: int) -> None:
        self.environments = environments
        self.busy = 0
        self._concurrency = concurrency
        self._warm_ms = warm_ms
        self._cold_ms = cold_ms
        self._may_start = float(SCALE_UP_BURST)
        self._now = 0
        # how many calls end at each step that comes
        self._ending: Counter[int] = Counter()

    def step(self, calls: int) -> tuple[int, int]:
        """Take the calls of one step; give how many were refused and how many started cold."""
        self._now += 1
        self.busy -= self._ending.pop(self._now, 0)
        refill = SCALE_UP_PER_SECOND / STEPS_PER_SECOND
        self._may_start = min(SCALE_UP_BURST, self._may_start + refill)
        warm = min(calls, self.environments - self.busy)
        cold = min(calls - warm, self._concurrency - self.environments, int(self._may_start))
        self._may_start -= cold
        self.environments += cold
        self._occupy(warm, self._warm_ms)
        self._occupy(cold, self._cold_ms)
        return calls - warm - cold, cold

    def _occupy(self, calls: int, milliseconds: int) -> None:
        # Calls arrive all through a step, so of a length between two steps some end at each.
        steps, rest = divmod(milliseconds, _STEP_MS)
        later = round(calls * rest / _STEP_MS)
        self._ending[self._now + steps] += calls - later
        self._ending[self._now + steps + 1] += later
        self.busy += calls


def _gate(service: Service) -> Callable[[int], int]:
    """Make what admits the calls of one step: a token bucket, or everything."""
    if service.rate_limit is None:
        return lambda calls: calls
    refill, tokens = service.rate_limit / STEPS_PER_SECOND, float(service.burst)

    def admit(calls: int) -> int:
        nonlocal tokens
        tokens = min(service.burst, tokens + refill)
        admitted = min(calls, int(tokens))
        tokens -= admitted
        return admitted

    return admit


_KNUTH_BELOW = 30


def _poisson(source: random.Random, mean: float) -> int:
    """Draw a number of arrivals; from the normal distribution where that is as good."""
    if mean >= _KNUTH_BELOW:
        return max(0, round(source.gauss(mean, math.sqrt(mean))))
    limit, product, count = math.exp(-mean), source.random(), 0
    while product > limit:
        product *= source.random()
        count += 1
    return count
