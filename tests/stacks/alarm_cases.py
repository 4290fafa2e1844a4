"""Synthetic traffic for every alarm, by its section of the runbook: when to fire, when not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.stacks.metric_math import Data, Point

PERIODS = 15


@dataclass(frozen=True, slots=True)
class Case:
    """Data that has to make an alarm fire, and data that must not.

    `delay` counts the periods that pass before the alarm judges one.
    """

    firing: tuple[Data, ...]
    silent: tuple[Data, ...]
    delay: int = 0


def steady(**values: Point) -> Data:
    """Give every metric one value in all periods; `Throttles_Sum` is `Throttles Sum`."""
    return {name.replace("_", " "): (value,) * PERIODS for name, value in values.items()}


def _above(metric: str, *, inclusive: bool = False) -> Callable[[float], Case]:
    """Give the cases of one metric against its threshold, which may itself be the first to fire."""
    return lambda threshold: Case(
        firing=({metric: (threshold if inclusive else threshold + 1,) * PERIODS},),
        silent=({metric: (threshold - 1 if inclusive else threshold,) * PERIODS},),
    )


def _throttled_share(_: float) -> Case:
    return Case(
        firing=(
            steady(Throttles_Sum=10, Invocations_Sum=990),
            steady(Throttles_Sum=1, Invocations_Sum=None),
        ),
        silent=(
            steady(Throttles_Sum=9, Invocations_Sum=991),
            steady(Throttles_Sum=None, Invocations_Sum=50_000),
            steady(Throttles_Sum=0, Invocations_Sum=0),
        ),
    )


def _slow_answers(_: float) -> Case:
    # the limit is part of the statistic's name
    def calls(count: Point, in_time: Point) -> Data:
        points = {"Duration SampleCount": (count,) * PERIODS}
        return points | {f"Duration PR(:{ms})": (in_time,) * PERIODS for ms in (100, 200)}

    return Case(
        firing=(calls(100, 98.9), calls(100_000, 0)),
        silent=(calls(100, 99), calls(99, 0), calls(1, 0), calls(50_000, 100)),
    )


def _slow_trend(limit: float) -> Case:
    return Case(
        firing=(steady(Duration_SampleCount=100, Duration_p99=limit + 1),),
        silent=(
            steady(Duration_SampleCount=100, Duration_p99=limit),
            steady(Duration_SampleCount=99, Duration_p99=5_000),
        ),
    )


def _errors(_: float) -> Case:
    return Case(
        firing=(
            steady(Errors_Sum=1, Invocations_Sum=100),
            steady(Errors_Sum=1, Invocations_Sum=1),
        ),
        silent=(
            steady(Errors_Sum=1, Invocations_Sum=101),
            steady(Errors_Sum=None, Invocations_Sum=10_000),
            steady(Errors_Sum=0, Invocations_Sum=0),
        ),
    )


def _silence(_: float) -> Case:
    return Case(
        firing=(steady(Invocations_Sum=0), steady(Invocations_Sum=None)),
        silent=(steady(Invocations_Sum=1),),
    )


def _api_errors(_: float) -> Case:
    return Case(
        firing=({"5xx Sum": (1,) * PERIODS, "Count Sum": (100,) * PERIODS},),
        silent=(
            {"5xx Sum": (1,) * PERIODS, "Count Sum": (101,) * PERIODS},
            {"5xx Sum": (None,) * PERIODS, "Count Sum": (10,) * PERIODS},
        ),
    )


def _api_latency(limit: float) -> Case:
    return Case(
        firing=(steady(Count_Sum=100, Latency_p99=limit + 1),),
        silent=(
            steady(Count_Sum=100, Latency_p99=limit),
            steady(Count_Sum=99, Latency_p99=5_000),
        ),
    )


def _unauthorized(_: float) -> Case:
    return Case(
        firing=(
            steady(UnauthorizedRequests_Sum=10, Count_Sum=100),
            steady(UnauthorizedRequests_Sum=1, Count_Sum=1),
        ),
        silent=(
            steady(UnauthorizedRequests_Sum=9, Count_Sum=100),
            steady(UnauthorizedRequests_Sum=None, Count_Sum=100),
        ),
    )


def _circuit(_: float) -> Case:
    return Case(
        firing=(
            {"diverted0": (1,) * PERIODS, "diverted1": (None,) * PERIODS},
            {"diverted0": (700,) * PERIODS, "diverted1": (0,) * PERIODS},
        ),
        silent=(
            {"diverted0": (0,) * PERIODS, "diverted1": (0,) * PERIODS},
            {"diverted0": (9_000, 9_000, 9_000, 0) * 3 + (9_000,) * 3, "diverted1": (0,) * 15},
        ),
    )


def hours(**values: Sequence[Point]) -> Data:
    """Give the inputs of the accounting by their ids; without data unless given."""
    (length,) = {len(points) for points in values.values()}
    inputs = ("accepted0", "accepted1", "delivered", "rejected", "dead", "lying")
    queued = ("visible", "hidden", "delayed")
    return {name: values.get(name, (None,) * length) for name in (*inputs, *queued)}


def _accounting(_: float) -> Case:
    return Case(
        firing=(
            hours(accepted0=(100,) * PERIODS, delivered=(90,) * PERIODS),
            hours(accepted0=(1,) * PERIODS),
        ),
        silent=(
            hours(accepted0=(100,) * PERIODS, delivered=(100,) * PERIODS),
            hours(accepted0=(100,) * PERIODS, delivered=(110,) * PERIODS),
            hours(delivered=(5,) * PERIODS),
        ),
        delay=1,
    )


CASES: dict[str, Callable[[float], Case]] = {
    "throttled-share": _throttled_share,
    "any-throttle": _above("Throttles Sum", inclusive=True),
    "function-throttle": _above("Throttles Sum"),
    "slow-answers": _slow_answers,
    "slow-trend": _slow_trend,
    "errors": _errors,
    "silence": _silence,
    "head-room": _above("ConcurrentExecutions Maximum", inclusive=True),
    "account-head-room": _above("ClaimedAccountConcurrency Maximum", inclusive=True),
    "provisioned-spill-over": _above("ProvisionedConcurrencySpilloverInvocations Sum"),
    "queue-age": _above("ApproximateAgeOfOldestMessage Maximum"),
    "circuit": _circuit,
    "dead-letters": _above("ApproximateNumberOfMessagesVisible Maximum"),
    "accounting": _accounting,
    "in-flight": _above("ApproximateNumberOfMessagesNotVisible Maximum"),
    "api-errors": _api_errors,
    "api-latency": _api_latency,
    "api-throttle": _above("ThrottledRequests Sum"),
    "unauthorized": _unauthorized,
    "any-unauthorized": _above("UnauthorizedRequests Sum"),
}
