"""Silence of a region: with one endpoint and with two, which may never have been called."""

from __future__ import annotations

from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk.assertions import Template

from stacks.embedded_aws import leave_out_unsupported
from tests.stacks.metric_math import Point, fires
from tests.stacks.variants import Variants, resources

ENDPOINT, HTTPS = "AlarmsCallsEndpointSilence", "AlarmsCallsHttpsSilence"


def silent(variants: Variants, variant: str) -> dict[str, dict[str, Any]]:
    """Select the alarms on calls, by their logical id without its hash."""
    found = resources(variants.template(variant), "AWS::CloudWatch::Alarm")
    return {
        logical_id[:-8]: alarm["Properties"]
        for logical_id, alarm in found.items()
        if logical_id.startswith("AlarmsCalls")
    }


def composite(variants: Variants) -> dict[str, Any]:
    (alarm,) = resources(variants.template("both"), "AWS::CloudWatch::CompositeAlarm").values()
    properties: dict[str, Any] = alarm["Properties"]
    return properties


def rings(variants: Variants, calls: dict[str, Point]) -> bool:
    """Whether the page of two endpoints rings after an hour with these calls."""
    alarms = silent(variants, "both")
    rule = composite(variants)["AlarmRule"]["Fn::Join"][1]
    text = "".join(part if isinstance(part, str) else part["Fn::GetAtt"][0][:-8] for part in rule)
    assert text == f'(ALARM("{ENDPOINT}") AND ALARM("{HTTPS}"))'
    return all(fires(alarm, {"Invocations Sum": [calls[name]]}) for name, alarm in alarms.items())


@pytest.mark.parametrize(("calls", "alarming"), [(0, True), (None, True), (1, False)])
def test_only_endpoint_pages_when_it_is_silent_or_was_never_called(
    variants: Variants, calls: Point, alarming: bool
) -> None:
    (alarm,) = silent(variants, "full").values()

    assert fires(alarm, {"Invocations Sum": [calls]}) is alarming
    assert len(alarm["AlarmActions"]) == 1


@pytest.mark.parametrize(
    ("endpoint", "https", "alarming"),
    [
        (None, None, True),
        (0, None, True),
        (0, 0, True),
        (1, None, False),
        (None, 1, False),
        (0, 1, False),
        (500, 500, False),
    ],
)
def test_two_endpoints_page_when_neither_is_called_whatever_is_missing(
    variants: Variants, endpoint: Point, https: Point, alarming: bool
) -> None:
    assert rings(variants, {ENDPOINT: endpoint, HTTPS: https}) is alarming


def test_silence_depends_on_no_metric_maths(variants: Variants) -> None:
    for variant in ("full", "both"):
        assert all("MetricName" in alarm for alarm in silent(variants, variant).values())


def test_only_the_page_of_two_endpoints_tells_somebody(variants: Variants) -> None:
    (topic,) = resources(variants.template("both"), "AWS::SNS::Topic")

    assert composite(variants)["AlarmActions"] == [{"Ref": topic}]
    assert composite(variants)["AlarmDescription"].startswith("PAGE. ")
    assert composite(variants)["AlarmDescription"].endswith("docs/runbook.md#silence")
    assert all("AlarmActions" not in alarm for alarm in silent(variants, "both").values())


def test_composite_alarm_is_left_out_of_the_embedded_aws() -> None:
    stack = Stack(App(), "Stack")
    part = cloudwatch.Alarm(
        stack,
        "Part",
        metric=cloudwatch.Metric(namespace="N", metric_name="M"),
        threshold=1,
        evaluation_periods=1,
    )
    rule = cloudwatch.AlarmRule.from_alarm(part, cloudwatch.AlarmState.ALARM)
    cloudwatch.CompositeAlarm(stack, "Whole", alarm_rule=rule)

    leave_out_unsupported(stack)

    template = Template.from_stack(stack)
    template.resource_count_is("AWS::CloudWatch::CompositeAlarm", 0)
    template.resource_count_is("AWS::CloudWatch::Alarm", 1)
