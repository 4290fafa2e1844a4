"""What a region costs without traffic is what its template has."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from endpoint.metrics import METRIC_NAMESPACE
from plan.log_volume import ACCESS_BYTES
from plan.usage import usage_of
from tests.stacks.variants import VARIANTS, Variants, resources


def billed(template: dict[str, Any]) -> dict[str, int]:
    """Count what is billed by the month."""
    kinds = Counter(it["Type"] for it in template["Resources"].values())
    alarms = resources(template, "AWS::CloudWatch::Alarm").values()
    return {
        "kms_keys": kinds["AWS::KMS::Key"],
        "alarm_metrics": sum(_metrics(it["Properties"]) for it in alarms),
        "composite_alarms": kinds["AWS::CloudWatch::CompositeAlarm"],
        "dashboards": kinds["AWS::CloudWatch::Dashboard"],
        "secrets": kinds["AWS::SecretsManager::Secret"],
    }


def _metrics(alarm: dict[str, Any]) -> int:
    """Count the metrics of an alarm, each of which AWS bills; maths over them is free."""
    return sum("MetricStat" in it for it in alarm["Metrics"]) if "Metrics" in alarm else 1


@pytest.mark.parametrize("variant", sorted(set(VARIANTS) - {"embedded"}))
def test_bill_counts_what_stands_in_the_template(variants: Variants, variant: str) -> None:
    counted = billed(variants.template(variant))
    usage = {it.price: it.units for it in usage_of(variants.plan(variant))}

    assert {key: usage.get(key, 0) for key in counted} == counted  # type: ignore[call-overload]


def test_metrics_of_our_own_are_those_that_the_functions_and_the_api_write(
    variants: Variants,
) -> None:
    text = variants.template_file("both").read_text(encoding="utf-8")
    filters = resources(variants.template("both"), "AWS::Logs::MetricFilter")
    (metrics,) = [it.units for it in usage_of(variants.plan("both")) if it.price == "metrics"]

    assert METRIC_NAMESPACE in text
    # of two endpoints: accepted, overflowed, diverted; of the worker: what became of each message
    assert metrics == 2 * 3 + 5 + len(filters)


def test_line_of_the_access_log_has_so_many_bytes(variants: Variants) -> None:
    (stage,) = resources(variants.template("both"), "AWS::ApiGatewayV2::Stage").values()
    line = stage["Properties"]["AccessLogSettings"]["Format"]
    written = {
        "requestId": "JKJaXmPLvHcESHA=",
        "requestTime": "27/Nov/2026:22:30:00 +0000",
        "routeKey": "POST /firehose/v1/events",
        "status": "200",
        "responseLatency": "87",
        "responseLength": "112",
        "error.message": "-",
        "integrationStatus": "200",
    }
    for name, value in written.items():
        line = line.replace(f"$context.{name}", value)

    assert "$context" not in line
    assert len(line) == pytest.approx(ACCESS_BYTES, rel=0.05)
