"""The graphs of a dashboard: lines over time, with the limit that they are to stay below."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_

WIDTH, HEIGHT = 6, 6


def graph(
    title: str,
    metrics: Sequence[cloudwatch.IMetric],
    *,
    unit: str,
    limit: tuple[float, str] | None = None,
) -> cloudwatch.GraphWidget:
    """Draw metrics from 0, with a red line at the limit, if there is one, and its label."""
    lines = []
    if limit:
        value, label = limit
        color = cloudwatch.Color.RED
        lines = [cloudwatch.HorizontalAnnotation(value=value, label=label, color=color)]
    return cloudwatch.GraphWidget(
        title=title,
        left=list(metrics),
        left_annotations=lines,
        left_y_axis=cloudwatch.YAxisProps(min=0, label=unit, show_units=False),
        width=WIDTH,
        height=HEIGHT,
    )


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
                cloudwatch.MathExpression(
                    expression="100 * FILL(errors, 0) / calls",
                    using_metrics={"errors": errors, "calls": calls},
                    label="errors",
                ),
                cloudwatch.MathExpression(
                    expression="100 * FILL(throttles, 0) / (FILL(calls, 0) + FILL(throttles, 0))",
                    using_metrics={"throttles": throttles, "calls": calls},
                    label="throttles",
                ),
            ],
            unit="%",
            limit=(1, "alarm"),
        ),
        graph(
            f"{name}: duration",
            [alias.metric_duration(statistic=p, label=p) for p in ("p50", "p99")],
            unit="ms",
            limit=(limit_ms, "mParticle's limit for 99 %"),
        ),
        graph(
            f"{name}: concurrency",
            [alias.lambda_.metric("ConcurrentExecutions", statistic="Maximum", label="busy")],
            unit="executions",
            limit=(reserved, "reserved") if reserved else None,
        ),
    ]
