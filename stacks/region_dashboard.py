"""One region at a glance: alarms on top, golden signals, queue, HTTP API, what costs money."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from plan.alarms import QUEUE_AGE
from plan.fields import TransportName
from plan.mparticle import HTTPS_P99_MS
from plan.quotas import IN_FLIGHT_MESSAGES
from plan.region_plan import RegionPlan
from stacks.graphs import WIDTH, golden_signals, graph
from stacks.http_endpoint import HttpEndpoint
from stacks.packaged_function import PackagedFunction
from stacks.queue_worker import QueueWorker


class RegionDashboard(Construct):
    """A row of graphs for each part that the region has; docs/dashboard.md shows the layout."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        plan: RegionPlan,
        called: Mapping[TransportName, PackagedFunction],
        https: HttpEndpoint | None,
        delivery: QueueWorker | None,
        alarms: Sequence[cloudwatch.IAlarm],
    ) -> None:
        super().__init__(scope, construct_id)
        board = cloudwatch.Dashboard(
            self,
            "Board",
            default_interval=Duration.hours(3),
            # With `auto` CloudWatch chooses the periods, and a unit such as "a minute" is wrong.
            period_override=cloudwatch.PeriodOverride.INHERIT,
        )
        board.add_widgets(
            cloudwatch.AlarmStatusWidget(
                title=f"Alarms of {plan.region}", alarms=list(alarms), width=4 * WIDTH, height=4
            )
        )
        for it in plan.endpoints:
            board.add_widgets(
                *golden_signals(
                    "Endpoint" if it.transport == "lambda" else "HTTPS",
                    called[it.transport].alias,
                    limit_ms=it.limit_ms,
                    reserved=it.function.reserved_concurrency,
                )
            )
        if https:
            board.add_widgets(*_api(https))
        if delivery and plan.delivery:
            board.add_widgets(*_queue(delivery, plan.delivery.maximum_concurrency))
        workers = [delivery.worker] if delivery else []
        board.add_widgets(*_cost([*called.values(), *workers]))


def _api(https: HttpEndpoint) -> list[cloudwatch.IWidget]:
    api = https.api
    return [
        graph("API: requests", [api.metric_count(statistic="Sum")], unit="a minute"),
        graph(
            "API: answers from 400",
            [
                api.metric_client_error(statistic="Sum", label="400 to 499"),
                api.metric_server_error(statistic="Sum", label="500 and more"),
            ],
            unit="a minute",
        ),
        graph(
            "API: latency",
            [api.metric_latency(statistic=p, label=p) for p in ("p50", "p99")],
            unit="ms",
            limit=(HTTPS_P99_MS, "mParticle's limit for 99 %"),
        ),
        graph(
            "API: latency of the function",
            [api.metric_integration_latency(statistic=p, label=p) for p in ("p50", "p99")],
            unit="ms",
        ),
    ]


def _queue(delivery: QueueWorker, maximum_concurrency: int) -> list[cloudwatch.IWidget]:
    queue, most = delivery.queue, "Maximum"
    waiting = queue.metric_approximate_number_of_messages_visible
    in_flight = queue.metric_approximate_number_of_messages_not_visible
    dead = delivery.dead_letters.metric_approximate_number_of_messages_visible
    return [
        graph(
            "Queue: oldest message",
            [queue.metric_approximate_age_of_oldest_message(statistic=most, label="age")],
            unit="s",
            limit=(QUEUE_AGE.threshold, "alarm"),
        ),
        graph(
            "Queue: messages",
            [
                waiting(statistic=most, label="waiting"),
                in_flight(statistic=most, label=f"in flight, of {IN_FLIGHT_MESSAGES:,}"),
            ],
            unit="messages",
        ),
        graph("Queue: dead letters", [dead(statistic=most, label="dead letters")], unit="messages"),
        graph(
            "Worker: concurrency",
            [delivery.worker.function.metric("ConcurrentExecutions", statistic=most, label="busy")],
            unit="batches",
            limit=(maximum_concurrency, "maximum"),
        ),
    ]


def _cost(functions: Sequence[PackagedFunction]) -> list[cloudwatch.IWidget]:
    """Give what AWS bills by: calls, the time they take, what they log."""
    hour = Duration.hours(1)

    def hourly(name: str, function: lambda_.Function) -> cloudwatch.Metric:
        label = function.node.path.partition("/")[2].removesuffix("/Function")
        return function.metric(name, statistic="Sum", period=hour, label=label)

    def logged(group: logs.LogGroup) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace="AWS/Logs",
            metric_name="IncomingBytes",
            dimensions_map={"LogGroupName": group.log_group_name},
            statistic="Sum",
            period=hour,
        )

    own = [function.function for function in functions]
    return [
        graph("Cost: calls", [hourly("Invocations", f) for f in own], unit="an hour"),
        graph("Cost: duration", [hourly("Duration", f) for f in own], unit="ms an hour"),
        graph("Cost: logs", [logged(f.log_group) for f in functions], unit="bytes an hour"),
    ]
