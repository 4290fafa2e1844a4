"""Every alarm of a region, for what the region has."""

from __future__ import annotations

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from plan.capacity import capacity_of
from plan.mparticle import HTTPS_P99_MS, LAMBDA_P99_MS
from plan.region_plan import FunctionPlan, RegionPlan
from stacks.alarms import Alarms
from stacks.api_alarms import ApiAlarms
from stacks.concurrency_alarms import AccountAlarms, ConcurrencyAlarms
from stacks.failure_alarms import FailureAlarms, SilenceAlarm
from stacks.http_endpoint import HttpEndpoint
from stacks.latency_alarms import LatencyAlarms
from stacks.packaged_function import PackagedFunction
from stacks.queue_alarms import QueueAlarms
from stacks.queue_worker import QueueWorker
from stacks.throttle_alarms import ThrottleAlarms


class RegionAlarms(Construct):
    """The groups of alarms that apply; exposes every alarm as `made`.

    `endpoint_pages` and `https_pages` are those of severity PAGE about the one or the other.

    `endpoint`, `https` and `delivery` are what was built of the plan.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        plan: RegionPlan,
        endpoint: PackagedFunction | None,
        https: HttpEndpoint | None,
        delivery: QueueWorker | None,
        action: cloudwatch.IAlarmAction,
    ) -> None:
        super().__init__(scope, construct_id)
        self._action = action
        self._groups: list[Alarms] = []
        self.endpoint_pages: list[cloudwatch.Alarm] = []
        self.https_pages: list[cloudwatch.Alarm] = []
        if endpoint:
            self.endpoint_pages = self._watch_endpoint(
                "Endpoint", endpoint.alias, plan.function, LAMBDA_P99_MS
            )
        if https and plan.https:
            self.https_pages = self._watch_endpoint(
                "Https", https.function.alias, plan.https.function, HTTPS_P99_MS
            )
            self._groups.append(
                ApiAlarms(self, "Api", api=https.api, access_log=https.access_log, action=action)
            )
        if delivery:
            self._groups.append(
                QueueAlarms(
                    self,
                    "Queue",
                    queue=delivery.queue,
                    dead_letters=delivery.dead_letters,
                    action=action,
                )
            )
        self._watch_account(plan)
        if plan.go_live:
            functions = (endpoint, https.function if https else None)
            aliases = [function.alias for function in functions if function]
            self._groups.append(SilenceAlarm(self, "Calls", aliases=aliases, action=action))

    @property
    def made(self) -> list[cloudwatch.Alarm]:
        """Every alarm of the region, but for those that were left out of its stack since."""
        every = [alarm for group in self._groups for alarm in group.made]
        return [alarm for alarm in every if alarm.node.default_child]

    def _watch_endpoint(
        self, prefix: str, alias: lambda_.Alias, plan: FunctionPlan, limit_ms: int
    ) -> list[cloudwatch.Alarm]:
        action = self._action
        groups: list[Alarms] = [
            ThrottleAlarms(self, f"{prefix}Throttles", alias=alias, action=action),
            LatencyAlarms(self, f"{prefix}Latency", alias=alias, limit_ms=limit_ms, action=action),
            FailureAlarms(self, f"{prefix}Failures", alias=alias, action=action),
            ConcurrencyAlarms(
                self,
                f"{prefix}Concurrency",
                alias=alias,
                reserved=plan.reserved_concurrency,
                provisioned=plan.provisioned_concurrency,
                action=action,
            ),
        ]
        self._groups += groups
        return [alarm for group in groups for alarm in group.pages]

    def _watch_account(self, plan: RegionPlan) -> None:
        functions = plan.functions
        reserved = sum(function.reserved_concurrency or 0 for function in functions)
        limit = plan.limits.concurrent_executions if plan.limits else capacity_of(plan).account
        self._groups.append(
            AccountAlarms(
                self,
                "Account",
                limit=limit,
                reserved=reserved + plan.traffic.other_reserved,
                action=self._action,
            )
        )
