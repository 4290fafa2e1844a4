"""The one way to make an alarm: from a rule of the plan and a metric."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from plan.alarm_rule import AlarmRule, Severity

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


class Alarms(Construct):
    """A group of alarms that tell the same topic.

    Exposes them as `made`, and those of severity PAGE as `pages`.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, action: cloudwatch.IAlarmAction
    ) -> None:
        super().__init__(scope, construct_id)
        self.made: list[cloudwatch.Alarm] = []
        self.pages: list[cloudwatch.Alarm] = []
        self._action = action

    def watch(self, rule: AlarmRule, metric: cloudwatch.Metric) -> None:
        """Alarm on a single metric, which is given the rule's period."""
        self._add(rule, metric.with_(period=Duration.seconds(rule.period_seconds)))

    def calculate(
        self, rule: AlarmRule, expression: str, metrics: Mapping[str, cloudwatch.Metric]
    ) -> None:
        """Alarm on metric maths over metrics, which are given the rule's period."""
        period = Duration.seconds(rule.period_seconds)
        self._add(
            rule,
            cloudwatch.MathExpression(
                expression=expression,
                using_metrics={
                    name: metric.with_(period=period) for name, metric in metrics.items()
                },
                label=rule.title,
                period=period,
            ),
        )

    def _add(self, rule: AlarmRule, metric: cloudwatch.IMetric) -> None:
        alarm = cloudwatch.Alarm(
            self,
            rule.name,
            metric=metric,
            alarm_description=rule.description,
            threshold=rule.threshold,
            comparison_operator=_COMPARISONS[rule.comparison],
            evaluation_periods=rule.periods,
            datapoints_to_alarm=rule.breaches,
            treat_missing_data=_MISSING[rule.missing],
        )
        alarm.add_alarm_action(self._action)
        self.made.append(alarm)
        if rule.severity is Severity.PAGE:
            self.pages.append(alarm)
