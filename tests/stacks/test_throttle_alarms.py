"""The throttle alarms: on the alias that mParticle calls, firing when they should."""

from __future__ import annotations

from typing import Any

import pytest

from tests.stacks.variants import Variants, resources


def alarms(variants: Variants) -> dict[str, dict[str, Any]]:
    found = resources(variants.template("full"), "AWS::CloudWatch::Alarm")
    return {
        logical_id.removeprefix("ThrottleAlarms")[:-8]: alarm["Properties"]
        for logical_id, alarm in found.items()
    }


def dimensions(metric: dict[str, Any]) -> set[str]:
    return {dimension["Name"] for dimension in metric["Dimensions"]}


def test_share_alarm_pages_at_one_percent_in_three_of_five_minutes(variants: Variants) -> None:
    alarm = alarms(variants)["Share"]

    assert alarm["Threshold"] == 1
    assert alarm["ComparisonOperator"] == "GreaterThanOrEqualToThreshold"
    assert (alarm["DatapointsToAlarm"], alarm["EvaluationPeriods"]) == (3, 5)
    assert alarm["TreatMissingData"] == "notBreaching"
    assert alarm["AlarmDescription"].startswith("PAGE.")


def test_any_throttle_in_a_quarter_of_an_hour_is_a_ticket(variants: Variants) -> None:
    alarm = alarms(variants)["Any"]

    assert (alarm["MetricName"], alarm["Statistic"], alarm["Period"]) == ("Throttles", "Sum", 900)
    assert (alarm["Threshold"], alarm["EvaluationPeriods"]) == (1, 1)
    assert alarm["TreatMissingData"] == "notBreaching"
    assert alarm["AlarmDescription"].startswith("TICKET.")


def test_alarms_watch_the_alias_and_not_the_function(variants: Variants) -> None:
    share, anything = alarms(variants)["Share"], alarms(variants)["Any"]
    metrics = [m["MetricStat"] for m in share["Metrics"] if "MetricStat" in m]

    assert {stat["Metric"]["MetricName"] for stat in metrics} == {"Throttles", "Invocations"}
    for metric in (*(stat["Metric"] for stat in metrics), anything):
        assert dimensions(metric) == {"FunctionName", "Resource"}
    assert all((stat["Period"], stat["Stat"]) == (60, "Sum") for stat in metrics)


@pytest.mark.parametrize(
    ("throttles", "invocations", "share"),
    [(0, 1000, 0.0), (10, 990, 1.0), (9, 991, 0.9), (5, None, 100.0), (None, 5, 0.0)],
)
def test_share_counts_throttled_calls_as_calls(
    variants: Variants, throttles: int | None, invocations: int | None, share: float
) -> None:
    (expression,) = (
        m["Expression"] for m in alarms(variants)["Share"]["Metrics"] if "Expression" in m
    )
    metric_math = {
        "FILL": lambda value, missing: missing if value is None else value,
        "throttles": throttles,
        "invocations": invocations,
    }

    assert eval(expression, {"__builtins__": {}}, metric_math) == pytest.approx(share)  # noqa: S307 - our own template, evaluated as CloudWatch would


def test_every_alarm_says_what_to_do_and_reaches_the_address(variants: Variants) -> None:
    template = variants.template("full")
    (topic,) = resources(template, "AWS::SNS::Topic")
    (subscription,) = resources(template, "AWS::SNS::Subscription").values()

    for alarm in alarms(variants).values():
        assert "ask AWS" in alarm["AlarmDescription"]
        assert alarm["AlarmActions"] == [{"Ref": topic}]
    assert subscription["Properties"]["Endpoint"] == "oncall@acme.example"
    assert subscription["Properties"]["TopicArn"] == {"Ref": topic}


def test_topic_is_encrypted_tls_only_and_open_to_this_accounts_alarms(variants: Variants) -> None:
    template = variants.template("full")
    (key_id, key), *more_keys = resources(template, "AWS::KMS::Key").items()
    (topic,) = resources(template, "AWS::SNS::Topic").values()
    (policy,) = resources(template, "AWS::SNS::TopicPolicy").values()
    deny, allow = policy["Properties"]["PolicyDocument"]["Statement"]

    assert not more_keys
    assert topic["Properties"]["KmsMasterKeyId"] == {"Fn::GetAtt": [key_id, "Arn"]}
    assert key["Properties"]["EnableKeyRotation"] is True
    assert (deny["Effect"], deny["Condition"]) == (
        "Deny",
        {"Bool": {"aws:SecureTransport": "false"}},
    )
    assert allow["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert allow["Condition"] == {"StringEquals": {"aws:SourceAccount": "111122223333"}}
