"""The evaluator of metric maths that the alarm tests rely on."""

from __future__ import annotations

from typing import Any

import pytest

from tests.stacks.metric_math import Point, fires, series


def alarm(expression: str, **properties: Any) -> dict[str, Any]:
    metrics = [
        {"Id": name, "MetricStat": {"Metric": {"MetricName": name}, "Stat": "Sum"}}
        for name in ("a", "b")
    ]
    return {
        "Metrics": [{"Id": "e", "Expression": expression}, *metrics],
        "ComparisonOperator": "GreaterThanThreshold",
        "Threshold": 1,
        "EvaluationPeriods": 3,
        "DatapointsToAlarm": 2,
        "TreatMissingData": "notBreaching",
        **properties,
    }


@pytest.mark.parametrize(
    ("expression", "a", "b", "value"),
    [
        ("100 * a / (a + b)", 1, 3, 25),
        ("a / b", 1, 0, None),
        ("a - b", 1, None, None),
        ("FILL(a, 0) + b", None, 2, 2),
        ("IF(a >= 100, b, 7)", 100, 3, 3),
        ("IF(a >= 100, b, 7)", 99, 3, 7),
        ("IF(a > b, 1, 0)", None, 3, None),
        ("IF(FILL(a, 0) < 1, b, 0)", None, None, None),
    ],
)
def test_expression_gives_cloudwatchs_value(
    expression: str, a: Point, b: Point, value: Point
) -> None:
    assert series(alarm(expression), {"a Sum": [a], "b Sum": [b]}) == [value]


def test_alarm_wants_its_breaches_among_its_last_periods() -> None:
    def state(*values: Point) -> bool:
        return fires(alarm("a + 0 * b"), {"a Sum": values, "b Sum": [0] * len(values)})

    assert state(9, 0, 9)
    assert not state(9, 9, 9, 0, 0)
    assert not state(1, 1, 1)
    assert not state(None, None, 9)


def test_missing_data_counts_as_the_alarm_says() -> None:
    breaching = alarm("a + b", TreatMissingData="breaching")

    assert fires(breaching, {"a Sum": [None] * 3, "b Sum": [None] * 3})
    assert not fires(alarm("a + b"), {"a Sum": [None] * 3, "b Sum": [None] * 3})


def test_unknown_function_is_no_silent_pass() -> None:
    with pytest.raises(AssertionError, match="not in the evaluator"):
        series(alarm("RATE(a) + b"), {"a Sum": [1], "b Sum": [1]})
