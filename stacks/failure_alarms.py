"""Alarms on calls that fail, and on calls that do not come."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from plan import alarms
from stacks.alarms import Alarms


class FailureAlarms(Alarms):
    """A page for a share of calls that end in a function error."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        alias: lambda_.Alias,
        action: cloudwatch.IAlarmAction,
    ) -> None:
        super().__init__(scope, construct_id, action=action)
        self.calculate(
            alarms.ERRORS,
            "100 * FILL(errors, 0) / invocations",
            {
                "errors": alias.metric_errors(statistic="Sum"),
                "invocations": alias.metric_invocations(statistic="Sum"),
            },
        )


class SilenceAlarm(Alarms):
    """A page when none of a region's endpoints is called any more."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        aliases: Sequence[lambda_.Alias],
        action: cloudwatch.IAlarmAction,
    ) -> None:
        super().__init__(scope, construct_id, action=action)
        calls = {
            f"calls{number}": alias.metric_invocations(statistic="Sum")
            for number, alias in enumerate(aliases)
        }
        self.calculate(alarms.SILENCE, " + ".join(f"FILL({name}, 0)" for name in calls), calls)
