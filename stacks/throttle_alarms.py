"""Alarms on what mParticle demands most: that it is never throttled."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from plan import mparticle

_NEXT = (
    "Compare concurrent executions with the reservation and the account's limit, and ask AWS for"
    " half more than the highest number of throttles seen."
)


class ThrottleAlarms(Construct):
    """A page for a share of throttled calls, a ticket for any at all; both on the alias.

    Exposes `share` and `any`.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        alias: lambda_.Alias,
        action: cloudwatch.IAlarmAction,
    ) -> None:
        super().__init__(scope, construct_id)
        minute = Duration.minutes(1)
        # Lambda does not count a throttled call as an invocation, so the share is of the sum. A
        # minute without one of the two metrics counts as none; a minute without both has no share.
        share = cloudwatch.MathExpression(
            expression=("100 * FILL(throttles, 0) / (FILL(invocations, 0) + FILL(throttles, 0))"),
            using_metrics={
                "throttles": alias.metric_throttles(period=minute, statistic="Sum"),
                "invocations": alias.metric_invocations(period=minute, statistic="Sum"),
            },
            label="Throttled share of calls in percent",
            period=minute,
        )
        self.share = share.create_alarm(
            self,
            "Share",
            alarm_description=(
                f"PAGE. At least {mparticle.THROTTLE_SHARE_PERCENT} % of mParticle's calls are"
                f" throttled. {_NEXT}"
            ),
            threshold=mparticle.THROTTLE_SHARE_PERCENT,
            comparison_operator=(cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD),
            evaluation_periods=mparticle.THROTTLE_SHARE_MINUTES,
            datapoints_to_alarm=mparticle.THROTTLE_SHARE_BREACHES,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        self.any = alias.metric_throttles(
            period=Duration.minutes(mparticle.ANY_THROTTLE_MINUTES), statistic="Sum"
        ).create_alarm(
            self,
            "Any",
            alarm_description=f"TICKET. A call of mParticle's was throttled. {_NEXT}",
            threshold=1,
            comparison_operator=(cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD),
            evaluation_periods=1,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        for alarm in (self.share, self.any):
            alarm.add_alarm_action(action)
