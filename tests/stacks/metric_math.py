"""What CloudWatch would make of an alarm: the part of its metric maths that the alarms use."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Point = float | None
"""One period's value; none where CloudWatch has no data."""
Data = Mapping[str, Sequence[Point]]
"""Series by metric and statistic, such as `Throttles Sum`, oldest first, all of one length."""

_OPERATORS: dict[type, Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.GtE: operator.ge,
    ast.Gt: operator.gt,
    ast.Lt: operator.lt,
}
_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanOrEqualToThreshold": operator.ge,
    "GreaterThanThreshold": operator.gt,
    "LessThanThreshold": operator.lt,
}


def fires(alarm: Mapping[str, Any], data: Data) -> bool:
    """Whether an alarm with these properties is in ALARM after the last period."""
    points = series(alarm, data)[-alarm["EvaluationPeriods"] :]
    breaching: list[bool] = [
        bool(alarm["TreatMissingData"] == "breaching")
        if point is None
        else _COMPARISONS[alarm["ComparisonOperator"]](point, alarm["Threshold"])
        for point in points
    ]
    assert len(breaching) == alarm["EvaluationPeriods"], "enough synthetic periods"
    least: int = alarm["DatapointsToAlarm"]
    return sum(breaching) >= least


def series(alarm: Mapping[str, Any], data: Data) -> list[Point]:
    """Give what the alarm compares with its threshold, period by period."""
    if "MetricName" in alarm:
        return list(data[f"{alarm['MetricName']} {alarm['Statistic']}"])
    inputs: dict[str, Sequence[Point]] = {}
    expression = ""
    for metric in alarm["Metrics"]:
        if "Expression" in metric:
            expression = metric["Expression"]
        else:
            stat = metric["MetricStat"]
            inputs[metric["Id"]] = data[f"{stat['Metric']['MetricName']} {stat['Stat']}"]
    tree = ast.parse(expression, mode="eval").body
    names = list(inputs)
    return [
        _value(tree, dict(zip(names, points, strict=True)))
        for points in zip(*inputs.values(), strict=True)
    ]


def _value(node: ast.expr, points: Mapping[str, Point]) -> Point:
    match node:
        case ast.Constant(value=int() | float() as number):
            return number
        case ast.Name(id=name):
            return points[name]
        case ast.BinOp(left=left, op=kind, right=right):
            return _combined(kind, _value(left, points), _value(right, points))
        case ast.Compare(left=left, ops=[kind], comparators=[right]):
            return _combined(kind, _value(left, points), _value(right, points))
        case ast.Call(func=ast.Name(id="FILL"), args=[metric, filling]):
            value = _value(metric, points)
            return _value(filling, points) if value is None else value
        case ast.Call(func=ast.Name(id="IF"), args=[condition, then, otherwise]):
            holds = _value(condition, points)
            return None if holds is None else _value(then if holds else otherwise, points)
    raise AssertionError(f"not in the evaluator: {ast.dump(node)}")


def _combined(kind: ast.operator | ast.cmpop, left: Point, right: Point) -> Point:
    if left is None or right is None or (isinstance(kind, ast.Div) and not right):
        return None  # CloudWatch has no data point where an operand is missing, or a divisor is 0
    return float(_OPERATORS[type(kind)](left, right))
