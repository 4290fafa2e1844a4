"""Alarms on the HTTP API as mParticle sees it: statuses and the time until the answer."""

from __future__ import annotations

from aws_cdk import Stack
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_logs as logs
from constructs import Construct

from plan import alarms
from stacks.alarms import Alarms


class ApiAlarms(Alarms):
    """Pages for shares of failures and refused tokens, tickets for latency and single refusals.

    API Gateway counts all statuses of 400 to 499 as one, so those that matter are counted in the
    access log.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        api: apigateway.HttpApi,
        access_log: logs.LogGroup,
        action: cloudwatch.IAlarmAction,
    ) -> None:
        super().__init__(scope, construct_id, action=action)
        self._access_log = access_log
        requests = api.metric_count(statistic="Sum")
        self.calculate(
            alarms.API_ERRORS,
            "100 * FILL(errors, 0) / requests",
            {"errors": api.metric_server_error(statistic="Sum"), "requests": requests},
        )
        self.calculate(
            alarms.API_LATENCY,
            f"IF(FILL(requests, 0) >= {alarms.ENOUGH_CALLS}, p99, 0)",
            {"requests": requests, "p99": api.metric_latency(statistic="p99")},
        )
        self.watch(alarms.API_THROTTLE, self._answered("Throttled", 429))
        unauthorized = self._answered("Unauthorized", 401)
        self.calculate(
            alarms.UNAUTHORIZED,
            "100 * FILL(unauthorized, 0) / requests",
            {"unauthorized": unauthorized, "requests": requests},
        )
        self.watch(alarms.ANY_UNAUTHORIZED, unauthorized)

    def _answered(self, name: str, status: int) -> cloudwatch.Metric:
        """Count the requests that were answered with a status."""
        counted = logs.MetricFilter(
            self,
            f"{name}Filter",
            log_group=self._access_log,
            filter_pattern=logs.FilterPattern.string_value("$.status", "=", str(status)),
            # of its own, because two deployments may share an account and a region
            metric_namespace=Stack.of(self).stack_name,
            metric_name=f"{name}Requests",
            metric_value="1",
            default_value=0,
        )
        return counted.metric(statistic="Sum")
