"""What each alarm of a region watches: one row per alarm, its rule of the plan and a metric."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import Stack
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from endpoint.metrics import METRIC_DIMENSION, METRIC_NAMESPACE, Metric
from plan import alarms
from plan.alarm_rule import AlarmRule
from plan.capacity import capacity_of
from plan.region_plan import FunctionPlan, RegionPlan
from stacks.queue_worker import QueueWorker

AlarmRow = tuple[AlarmRule, cloudwatch.Metric | cloudwatch.MathExpression]
AlarmTable = Mapping[str, Sequence[AlarmRow]]
"""Rows by the id of their scope, which is part of an alarm's logical id."""

_ENOUGH = f"FILL(calls, 0) >= {alarms.ENOUGH_CALLS}"
"""Minutes with few calls are left out where a percentile is compared: one of few says nothing, and
CloudWatch would judge it all the same."""


def maths(expression: str, **metrics: cloudwatch.IMetric) -> cloudwatch.MathExpression:
    """Calculate with metrics by name; the alarm sets the period of all of them."""
    return cloudwatch.MathExpression(expression=expression, using_metrics=metrics)


def function_alarms(
    prefix: str, *, alias: lambda_.Alias, plan: FunctionPlan, limit_ms: int
) -> AlarmTable:
    """Give the rows about what mParticle calls: never throttled, 99 % in `limit_ms`, no errors."""
    calls = alias.metric_invocations(statistic="Sum")
    errors = alias.metric_errors(statistic="Sum")
    throttles = alias.metric_throttles(statistic="Sum")
    timed = alias.metric_duration(statistic="SampleCount")
    in_time = alias.metric_duration(statistic=f"PR(:{limit_ms})")
    p99 = alias.metric_duration(statistic="p99")
    # Lambda does not count a throttled call as an invocation, so the share is of the sum. A minute
    # without one of the two metrics counts as none; a minute without both has no share.
    throttled = "100 * FILL(throttles, 0) / (FILL(invocations, 0) + FILL(throttles, 0))"
    failed = "100 * FILL(errors, 0) / invocations"
    return {
        f"{prefix}Throttles": [
            (alarms.THROTTLED_SHARE, maths(throttled, throttles=throttles, invocations=calls)),
            (alarms.ANY_THROTTLE, throttles),
            (alarms.FUNCTION_THROTTLE, alias.lambda_.metric_throttles(statistic="Sum")),
        ],
        f"{prefix}Latency": [
            (
                alarms.slow_answers(limit_ms),
                maths(f"IF({_ENOUGH}, in_time, 100)", calls=timed, in_time=in_time),
            ),
            (alarms.slow_trend(limit_ms), maths(f"IF({_ENOUGH}, p99, 0)", calls=timed, p99=p99)),
        ],
        f"{prefix}Failures": [(alarms.ERRORS, maths(failed, errors=errors, invocations=calls))],
        f"{prefix}Concurrency": _concurrency(alias, plan),
    }


def _concurrency(alias: lambda_.Alias, plan: FunctionPlan) -> Sequence[AlarmRow]:
    rows: list[AlarmRow] = []
    if plan.reserved_concurrency:
        # The reservation is the function's, so what calls around the alias counts too.
        busy = alias.lambda_.metric("ConcurrentExecutions", statistic="Maximum")
        rows.append((alarms.head_room(plan.reserved_concurrency), busy))
    if plan.provisioned_concurrency:
        cold = alias.metric("ProvisionedConcurrencySpilloverInvocations", statistic="Sum")
        rows.append((alarms.PROVISIONED_SPILL_OVER, cold))
    return rows


class RefusedRequests(Construct):
    """Counts in the access log what was refused with a status that matters by itself.

    API Gateway counts all statuses of 400 to 499 as one. Exposes the metrics `throttled` and
    `unauthorized`.
    """

    def __init__(self, scope: Construct, construct_id: str, *, access_log: logs.LogGroup) -> None:
        super().__init__(scope, construct_id)
        self._access_log = access_log
        self.throttled = self._answered("Throttled", 429)
        self.unauthorized = self._answered("Unauthorized", 401)

    def _answered(self, name: str, status: int) -> cloudwatch.Metric:
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


def api_alarms(api: apigateway.HttpApi, refused: RefusedRequests) -> AlarmTable:
    """Give the rows about the HTTP API as mParticle sees it: statuses, time until the answer."""
    requests = api.metric_count(statistic="Sum")
    errors = api.metric_server_error(statistic="Sum")
    p99 = api.metric_latency(statistic="p99")
    enough = _ENOUGH.replace("calls", "requests")
    failed = "100 * FILL(errors, 0) / requests"
    unauthorized = "100 * FILL(unauthorized, 0) / requests"
    return {
        refused.node.id: [
            (alarms.API_ERRORS, maths(failed, errors=errors, requests=requests)),
            (alarms.API_LATENCY, maths(f"IF({enough}, p99, 0)", requests=requests, p99=p99)),
            (alarms.API_THROTTLE, refused.throttled),
            (
                alarms.UNAUTHORIZED,
                maths(unauthorized, unauthorized=refused.unauthorized, requests=requests),
            ),
            (alarms.ANY_UNAUTHORIZED, refused.unauthorized),
        ]
    }


def circuit_alarms(accepting: Sequence[lambda_.Function]) -> AlarmTable:
    """Give the row about work that is not even begun inline: mParticle hears of no refusal then."""
    diverted = {f"diverted{n}": _counted(it, "diverted") for n, it in enumerate(accepting)}
    filled = ", ".join(f"FILL({name}, 0)" for name in diverted)
    return {"Queue": [(alarms.CIRCUIT, maths(f"SUM([{filled}])", **diverted))]}


def queue_alarms(delivery: QueueWorker, *, accepting: Sequence[lambda_.Function]) -> AlarmTable:
    """Give the rows about messages that functions accepted and that are not delivered.

    Dead letters are counted as they lie there: SQS does not count those it moves itself as sent.
    """
    queue, dead_letters = delivery.queue, delivery.dead_letters
    age = queue.metric_approximate_age_of_oldest_message(statistic="Maximum")
    in_flight = queue.metric_approximate_number_of_messages_not_visible(statistic="Maximum")
    lying = dead_letters.metric_approximate_number_of_messages_visible(statistic="Maximum")
    return {
        "Queue": [
            (alarms.QUEUE_AGE, age),
            (alarms.IN_FLIGHT, in_flight),
            (alarms.DEAD_LETTERS, lying),
            (alarms.ACCOUNTING, _vanished(delivery, accepting)),
        ]
    }


def _vanished(
    delivery: QueueWorker, accepting: Sequence[lambda_.Function]
) -> cloudwatch.MathExpression:
    """Count accepted messages of an hour that are nowhere, an hour later.

    Whatever is not exact makes the result smaller: the most that waited in the hour counts as
    waiting, and a second delivery counts like a first. SQS moves poison to the dead letters by
    itself, so the larger of what lies there and what we counted was given up. An hour is judged
    after the next one, less what that made up for, so that late metrics do not matter.
    """
    queue, worker, most = delivery.queue, delivery.worker.function, "Maximum"
    lying = delivery.dead_letters.metric_approximate_number_of_messages_visible(statistic=most)
    accepted = {f"accepted{n}": _counted(it, "accepted") for n, it in enumerate(accepting)}
    gone = {
        "delivered": _counted(worker, "delivered"),
        "visible": queue.metric_approximate_number_of_messages_visible(statistic=most),
        "hidden": queue.metric_approximate_number_of_messages_not_visible(statistic=most),
        "delayed": queue.metric_approximate_number_of_messages_delayed(statistic=most),
    }
    buried = {
        "rejected": _counted(worker, "rejected"),
        "dead": _counted(worker, "dead"),
        "lying": lying,
    }
    # SUM, MAX and MIN pass over what is missing, should FILL leave out a metric that never existed.
    terms = [
        *(f"FILL({name}, 0)" for name in accepted),
        *(f"0 - FILL({name}, 0)" for name in gone),
        "0 - MAX([SUM([FILL(rejected, 0), FILL(dead, 0)]), FILL(lying, 0)])",
    ]
    missing = maths(f"SUM([{', '.join(terms)}])", **accepted, **gone, **buried)
    return maths("MIN([missing - DIFF(missing), 2 * missing - DIFF(missing)])", missing=missing)


def _counted(function: lambda_.Function, outcome: Metric) -> cloudwatch.Metric:
    """Give the number of messages whose log lines have an outcome."""
    return cloudwatch.Metric(
        namespace=METRIC_NAMESPACE,
        metric_name=outcome,
        dimensions_map={METRIC_DIMENSION: function.function_name},
        statistic="Sum",
    )


def account_alarms(plan: RegionPlan) -> AlarmTable:
    """Give the row about the account's limit, of which reservations are claimed all the time."""
    limit = plan.limits.concurrent_executions if plan.limits else capacity_of(plan).account
    reserved = sum(function.reserved_concurrency or 0 for function in plan.functions)
    rule = alarms.account_head_room(limit=limit, reserved=reserved + plan.traffic.other_reserved)
    claimed = cloudwatch.Metric(
        namespace="AWS/Lambda", metric_name="ClaimedAccountConcurrency", statistic="Maximum"
    )
    return {"Account": [(rule, claimed)]}
