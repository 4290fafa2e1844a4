"""Alarms on concurrency that runs out: of a function, of its warm part, of the account."""

from __future__ import annotations

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from plan import alarms
from stacks.alarms import Alarms


class ConcurrencyAlarms(Alarms):
    """Tickets for a function that comes near its reservation, or runs out of warm environments.

    `reserved` and `provisioned` are what it has; without one its alarm has nothing to say.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        alias: lambda_.Alias,
        reserved: int | None,
        provisioned: int,
        action: cloudwatch.IAlarmAction,
    ) -> None:
        super().__init__(scope, construct_id, action=action)
        if reserved:
            # The reservation is the function's, so what calls around the alias counts too.
            self.watch(
                alarms.head_room(reserved),
                alias.lambda_.metric("ConcurrentExecutions", statistic="Maximum"),
            )
        if provisioned:
            self.watch(
                alarms.PROVISIONED_SPILL_OVER,
                alias.metric("ProvisionedConcurrencySpilloverInvocations", statistic="Sum"),
            )


class AccountAlarms(Alarms):
    """A ticket when the whole account comes near its limit in the region.

    `limit` is the account's; `reserved` of it is claimed all the time.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        limit: int,
        reserved: int,
        action: cloudwatch.IAlarmAction,
    ) -> None:
        super().__init__(scope, construct_id, action=action)
        self.watch(
            alarms.account_head_room(limit=limit, reserved=reserved),
            cloudwatch.Metric(
                namespace="AWS/Lambda", metric_name="ClaimedAccountConcurrency", statistic="Maximum"
            ),
        )
