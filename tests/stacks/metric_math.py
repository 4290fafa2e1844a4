"""What CloudWatch would make of an alarm: the part of its metric maths that the alarms use."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

Point = float | None
"""One period's value; none where CloudWatch has no data."""
Series = list[Point]
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


def fires(alarm: Mapping[str, Any], data: Data, *, fills_unseen: bool = True) -> bool:
    """Whether an alarm with these properties is in ALARM after the last period."""
    points = series(alarm, data, fills_unseen=fills_unseen)[-alarm["EvaluationPeriods"] :]
    breaching: list[bool] = [
        bool(alarm["TreatMissingData"] == "breaching")
        if point is None
        else _COMPARISONS[alarm["ComparisonOperator"]](point, alarm["Threshold"])
        for point in points
    ]
    assert len(breaching) == alarm["EvaluationPeriods"], "enough synthetic periods"
    least: int = alarm["DatapointsToAlarm"]
    return sum(breaching) >= least


def series(alarm: Mapping[str, Any], data: Data, *, fills_unseen: bool = True) -> list[Point]:
    """Give what the alarm compares with its threshold, period by period.

    Data may name an input by its id in the alarm, too. Without `fills_unseen`, FILL leaves a metric
    empty that has no data at all.
    """
    if "MetricName" in alarm:
        return list(data[f"{alarm['MetricName']} {alarm['Statistic']}"])
    known: dict[str, Series] = {}
    expressions: dict[str, ast.expr] = {}
    shown = ""
    for metric in alarm["Metrics"]:
        if "Expression" in metric:
            expressions[metric["Id"]] = ast.parse(metric["Expression"], mode="eval").body
            if metric.get("ReturnData", True):
                shown = metric["Id"]
        else:
            stat = metric["MetricStat"]
            name = f"{stat['Metric']['MetricName']} {stat['Stat']}"
            known[metric["Id"]] = list(data[metric["Id"] if metric["Id"] in data else name])
    (length,) = {len(points) for points in known.values()}
    return _Maths(known, expressions, length, fills_unseen).value(expressions[shown])


@dataclass(frozen=True, slots=True)
class _Maths:
    known: Mapping[str, Series]
    expressions: Mapping[str, ast.expr]
    length: int
    fills_unseen: bool

    def value(self, node: ast.expr) -> Series:
        match node:
            case ast.Constant(value=int() | float() as number):
                return [number] * self.length
            case ast.Name(id=name):
                return (
                    self.known[name] if name in self.known else self.value(self.expressions[name])
                )
            case ast.BinOp(left=left, op=kind, right=right):
                return self._combined(kind, left, right)
            case ast.Compare(left=left, ops=[kind], comparators=[right]):
                return self._combined(kind, left, right)
            case ast.Call(func=ast.Name(id=name), args=arguments):
                return self._call(name, arguments)
        raise AssertionError(f"not in the evaluator: {ast.dump(node)}")

    def _call(self, name: str, arguments: list[ast.expr]) -> Series:
        match name, arguments:
            case "FILL", [metric, filling]:
                return self._filled(self.value(metric), self.value(filling))
            case "IF", [condition, then, otherwise]:
                branches = zip(*map(self.value, (condition, then, otherwise)), strict=True)
                return [None if holds is None else a if holds else b for holds, a, b in branches]
            case "DIFF", [metric]:
                return _differences(self.value(metric))
            case "SUM" | "MIN" | "MAX", [ast.List(elts=all_)]:
                return [
                    _of_those_there(name, points)
                    for points in zip(*map(self.value, all_), strict=True)
                ]
        raise AssertionError(f"not in the evaluator: {name}")

    def _filled(self, points: Series, filling: Series) -> Series:
        if not self.fills_unseen and set(points) == {None}:
            return points
        return [b if a is None else a for a, b in zip(points, filling, strict=True)]

    def _combined(self, kind: ast.operator | ast.cmpop, left: ast.expr, right: ast.expr) -> Series:
        pairs = zip(self.value(left), self.value(right), strict=True)
        return [_combination(kind, a, b) for a, b in pairs]


def _differences(points: Series) -> Series:
    """Give what each point has more than the one before, which the first has not got."""
    pairs = pairwise(points)
    return [None, *(None if a is None or b is None else b - a for a, b in pairs)]


def _of_those_there(name: str, points: Sequence[Point]) -> Point:
    there = [point for point in points if point is not None]
    functions: dict[str, Callable[[list[float]], float]] = {"SUM": sum, "MIN": min, "MAX": max}
    return functions[name](there) if there else None


def _combination(kind: ast.operator | ast.cmpop, left: Point, right: Point) -> Point:
    if left is None or right is None or (isinstance(kind, ast.Div) and not right):
        return None  # CloudWatch has no data point where an operand is missing, or a divisor is 0
    return float(_OPERATORS[type(kind)](left, right))
