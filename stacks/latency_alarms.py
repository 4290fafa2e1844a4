"""Alarms on the second demand of mParticle's: 99 % of the answers in time."""

from __future__ import annotations

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from plan import alarms
from stacks.alarms import Alarms


class LatencyAlarms(Alarms):
    """A page when the demand is missed, a ticket when the p99 comes near it.

    Minutes with few calls are left out of both: a percentile of them says nothing, and CloudWatch
    would judge them all the same.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        alias: lambda_.Alias,
        limit_ms: int,
        action: cloudwatch.IAlarmAction,
    ) -> None:
        super().__init__(scope, construct_id, action=action)
        calls = alias.metric_duration(statistic="SampleCount")
        enough = f"FILL(calls, 0) >= {alarms.ENOUGH_CALLS}"
        self.calculate(
            alarms.slow_answers(limit_ms),
            f"IF({enough}, in_time, 100)",
            {"calls": calls, "in_time": alias.metric_duration(statistic=f"PR(:{limit_ms})")},
        )
        self.calculate(
            alarms.slow_trend(limit_ms),
            f"IF({enough}, p99, 0)",
            {"calls": calls, "p99": alias.metric_duration(statistic="p99")},
        )
