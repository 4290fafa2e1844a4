"""Every alarm of a region, for what the region has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from plan.alarm_rule import Severity
from plan.alarms import SILENCE, SILENT_ENDPOINT
from plan.fields import TransportName
from plan.region_plan import RegionPlan
from stacks import alarm_table
from stacks.alarm_table import AlarmRow, AlarmTable, RefusedRequests
from stacks.http_endpoint import HttpEndpoint
from stacks.packaged_function import PackagedFunction
from stacks.queue_worker import QueueWorker

_PREFIXES: Mapping[TransportName, str] = {"lambda": "Endpoint", "https": "Https"}
"""How the names of the alarms about each endpoint begin."""
_COMPARISON = cloudwatch.ComparisonOperator
_COMPARISONS = {
    "<": _COMPARISON.LESS_THAN_THRESHOLD,
    ">": _COMPARISON.GREATER_THAN_THRESHOLD,
    ">=": _COMPARISON.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
}
_MISSING = {
    "breaching": cloudwatch.TreatMissingData.BREACHING,
    "notBreaching": cloudwatch.TreatMissingData.NOT_BREACHING,
}


class RegionAlarms(Construct):
    """The alarms that apply, all told to one topic; exposes every one as `made`.

    `pages` has those of severity PAGE about each endpoint. `called`, `https` and `delivery` are
    what was built of the plan.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        plan: RegionPlan,
        called: Mapping[TransportName, PackagedFunction],
        https: HttpEndpoint | None,
        delivery: QueueWorker | None,
        action: cloudwatch.IAlarmAction,
    ) -> None:
        super().__init__(scope, construct_id)
        self._action = action
        self._made: list[cloudwatch.AlarmBase] = []
        self.pages = {
            it.transport: self._add(
                alarm_table.function_alarms(
                    _PREFIXES[it.transport],
                    alias=called[it.transport].alias,
                    plan=it.function,
                    limit_ms=it.limit_ms,
                )
            )
            for it in plan.endpoints
        }
        if https:
            refused = RefusedRequests(self, "Api", access_log=https.access_log)
            self._add(alarm_table.api_alarms(https.api, refused))
        if delivery:
            accepting = [it.function for it in called.values()]
            self._add(alarm_table.queue_alarms(delivery, accepting=accepting))
            if plan.overflowing:
                self._add(alarm_table.circuit_alarms(accepting))
        self._add(alarm_table.account_alarms(plan))
        if plan.alarms.go_live:
            self._watch_silence({_PREFIXES[name]: it.alias for name, it in called.items()})

    @property
    def made(self) -> list[cloudwatch.AlarmBase]:
        """Every alarm of the region, but for those that were left out of its stack since."""
        return [alarm for alarm in self._made if alarm.node.default_child]

    def _add(self, table: AlarmTable) -> list[cloudwatch.Alarm]:
        """Make the alarms of a table; give those that page."""
        pages = []
        for group, rows in table.items():
            found = self.node.try_find_child(group)
            scope = found if isinstance(found, Construct) else Construct(self, group)
            for row in rows:
                alarm = _alarm(scope, row)
                alarm.add_alarm_action(self._action)
                self._made.append(alarm)
                if row[0].severity is Severity.PAGE:
                    pages.append(alarm)
        return pages

    def _watch_silence(self, aliases: Mapping[str, lambda_.Alias]) -> None:
        """Page when none of the endpoints is called any more.

        An alias that was never called has no metric at all, and a metric alarm counts that as
        silence by itself. Whether metric maths would fill it with zeros is not documented, so the
        silence of two is an alarm on two alarms, which tell nobody.
        """
        scope = Construct(self, "Calls")
        calls = {name: alias.metric_invocations(statistic="Sum") for name, alias in aliases.items()}
        if len(calls) == 1:
            ((_, only),) = calls.items()
            silence: cloudwatch.AlarmBase = _alarm(scope, (SILENCE, only))
        else:
            silent = [
                _alarm(
                    scope,
                    (replace(SILENCE, title=f"{name} silence"), metric),
                    description=SILENT_ENDPOINT,
                )
                for name, metric in calls.items()
            ]
            rings = cloudwatch.AlarmState.ALARM
            silence = cloudwatch.CompositeAlarm(
                scope,
                "RegionSilence",
                alarm_rule=cloudwatch.AlarmRule.all_of(
                    *(cloudwatch.AlarmRule.from_alarm(alarm, rings) for alarm in silent)
                ),
                alarm_description=SILENCE.description,
            )
        silence.add_alarm_action(self._action)
        self._made.append(silence)


def _alarm(scope: Construct, row: AlarmRow, *, description: str = "") -> cloudwatch.Alarm:
    rule, metric = row
    period = Duration.seconds(rule.period_seconds)
    return cloudwatch.Alarm(
        scope,
        rule.name,
        metric=metric.with_(period=period)
        if isinstance(metric, cloudwatch.Metric)
        else metric.with_(period=period, label=rule.title),
        alarm_description=description or rule.description,
        threshold=rule.threshold,
        comparison_operator=_COMPARISONS[rule.comparison],
        evaluation_periods=rule.periods,
        datapoints_to_alarm=rule.breaches,
        treat_missing_data=_MISSING[rule.missing],
    )
