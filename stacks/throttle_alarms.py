"""Alarms on what mParticle demands most: that it is never throttled."""

from __future__ import annotations

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from plan import alarms
from stacks.alarms import Alarms


class ThrottleAlarms(Alarms):
    """A page for a share of throttled calls of the alias, a ticket for any at all, wherever."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        alias: lambda_.Alias,
        action: cloudwatch.IAlarmAction,
    ) -> None:
        super().__init__(scope, construct_id, action=action)
        throttles = alias.metric_throttles(statistic="Sum")
        # Lambda does not count a throttled call as an invocation, so the share is of the sum. A
        # minute without one of the two metrics counts as none; a minute without both has no share.
        self.calculate(
            alarms.THROTTLED_SHARE,
            "100 * FILL(throttles, 0) / (FILL(invocations, 0) + FILL(throttles, 0))",
            {"throttles": throttles, "invocations": alias.metric_invocations(statistic="Sum")},
        )
        self.watch(alarms.ANY_THROTTLE, throttles)
        self.watch(alarms.FUNCTION_THROTTLE, alias.lambda_.metric_throttles(statistic="Sum"))
