"""The graphs of a dashboard: lines over time, with the limit that they are to stay below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_

WIDTH, HEIGHT = 6, 6


def graph(
    title: str,
    metrics: Sequence[cloudwatch.IMetric],
    *,
    unit: str,
    limit: float | None = None,
    limit_label: str = "",
) -> cloudwatch.GraphWidget:
    """Draw metrics from 0, with a red line at the limit if there is one."""
    line = [] if limit is None else [_limit(limit, limit_label)]
    return cloudwatch.GraphWidget(
        title=title,
        left=list(metrics),
        left_annotations=line,
        left_y_axis=cloudwatch.YAxisProps(min=0, label=unit, show_units=False),
        width=WIDTH,
        height=HEIGHT,
    )


def share(title: str, part: str, metrics: Mapping[str, cloudwatch.Metric]) -> cloudwatch.IMetric:
    """Calculate a percentage of metrics by their names."""
    return cloudwatch.MathExpression(expression=part, using_metrics=dict(metrics), label=title)


def _limit(value: float, label: str) -> cloudwatch.HorizontalAnnotation:
    return cloudwatch.HorizontalAnnotation(value=value, label=label, color=cloudwatch.Color.RED)


def golden_signals(
    name: str, alias: lambda_.Alias, *, limit_ms: int, reserved: int | None
) -> list[cloudwatch.IWidget]:
    """Give rate, failures, latency and saturation of what mParticle calls."""
    calls = alias.metric_invocations(statistic="Sum", label="calls")
    throttles = alias.metric_throttles(statistic="Sum", label="throttles")
    errors = alias.metric_errors(statistic="Sum", label="errors")
    return [
        graph(f"{name}: calls", [calls], unit="a minute"),
        graph(
            f"{name}: errors, throttles",
            [
                share(
                    "errors", "100 * FILL(errors, 0) / calls", {"errors": errors, "calls": calls}
                ),
                share(
                    "throttles",
                    "100 * FILL(throttles, 0) / (FILL(calls, 0) + FILL(throttles, 0))",
                    {"throttles": throttles, "calls": calls},
                ),
            ],
            unit="%",
            limit=1,
            limit_label="alarm",
        ),
        graph(
            f"{name}: duration",
            [alias.metric_duration(statistic=p, label=p) for p in ("p50", "p99")],
            unit="ms",
            limit=limit_ms,
            limit_label="mParticle's limit for 99 %",
        ),
        graph(
            f"{name}: concurrency",
            [alias.lambda_.metric("ConcurrentExecutions", statistic="Maximum", label="busy")],
            unit="executions",
            limit=reserved,
            limit_label="reserved",
        ),
    ]
