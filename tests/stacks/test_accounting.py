"""Accounting: only messages that vanish wake somebody, whatever the metrics look like."""

from __future__ import annotations

from typing import Any

import pytest

from tests.stacks.alarm_cases import hours
from tests.stacks.metric_math import Data, fires
from tests.stacks.variants import Variants, resources


def accounting(variants: Variants, variant: str = "both") -> dict[str, Any]:
    found = resources(variants.template(variant), "AWS::CloudWatch::Alarm")
    ((_, alarm),) = (it for it in found.items() if it[0].startswith("AlarmsQueueAccounting"))
    properties: dict[str, Any] = alarm["Properties"]
    return properties


VANISHED = {
    "a lost batch among many": hours(
        accepted0=(9_000,) * 4,
        accepted1=(1_000,) * 4,
        delivered=(10_000, 10_000, 9_990, 10_000),
        visible=(0,) * 4,
    ),
    "one message of a quiet night": hours(accepted1=(0, 0, 1, 0), delivered=(0, 0, 0, 0)),
    "one message, and never another": hours(accepted0=(None, None, 1, None)),
    "a batch during an outage": hours(
        accepted0=(100,) * 4, delivered=(100, 100, 0, 0), visible=(0, 0, 90, 90)
    ),
    "a queue that was purged": hours(
        accepted0=(100,) * 4, delivered=(100, 100, 40, 100), visible=(5, 5, 0, 0)
    ),
}
ALL_THERE = {
    "a balanced hour": hours(
        accepted0=(60,) * 4,
        accepted1=(40,) * 4,
        delivered=(95,) * 4,
        rejected=(3,) * 4,
        dead=(2,) * 4,
        lying=(0,) * 4,
    ),
    "delivered twice": hours(accepted0=(100,) * 4, delivered=(101, 120, 100, 103)),
    "a long outage with everything queued": hours(
        accepted0=(100,) * 4,
        delivered=(100, 0, 0, 0),
        visible=(0, 60, 150, 200),
        hidden=(0, 40, 40, 60),
        delayed=(0, 20, 30, 40),
    ),
    "the queue drains": hours(
        accepted0=(100,) * 4, delivered=(0, 0, 300, 100), visible=(100, 200, 200, 0)
    ),
    "no traffic": hours(accepted0=(None,) * 4),
    "no traffic any more": hours(accepted0=(5, None, None, None), delivered=(5, None, None, None)),
    "poison that SQS moved itself": hours(
        accepted0=(100,) * 4, delivered=(100, 100, 93, 100), lying=(None, None, 7, 7)
    ),
    "dead letters that SQS shows late": hours(
        accepted0=(100,) * 4, delivered=(100, 100, 93, 100), lying=(None, None, None, 7)
    ),
    "dead letters that were sent again": hours(
        accepted0=(100,) * 4, delivered=(100, 100, 110, 100), lying=(10, 10, 10, 0)
    ),
    "metrics of the last hour that are late": hours(
        accepted0=(100,) * 4, delivered=(100, 100, 100, 70)
    ),
    "a burst on the border of two hours": hours(
        accepted0=(0, 0, 900, 0), delivered=(0, 0, 0, 900), visible=(0, 0, 0, 0)
    ),
}


VANISHED_OR_UNSEEN = [
    pytest.param(data, fills_unseen, id=f"{name}-{fills_unseen}")
    for name, data in VANISHED.items()
    for fills_unseen in (True, False)
    # a queue that is polled always has data
    if fills_unseen or data["delivered"][-1] is not None or data["visible"][-1] is not None
]


@pytest.mark.parametrize(("data", "fills_unseen"), VANISHED_OR_UNSEEN)
def test_messages_that_vanish_ring(variants: Variants, data: Data, fills_unseen: bool) -> None:
    assert fires(accounting(variants), data, fills_unseen=fills_unseen)


@pytest.mark.parametrize("fills_unseen", [True, False])
@pytest.mark.parametrize("data", ALL_THERE.values(), ids=ALL_THERE)
def test_messages_that_are_somewhere_wake_nobody(
    variants: Variants, data: Data, fills_unseen: bool
) -> None:
    assert not fires(accounting(variants), data, fills_unseen=fills_unseen)


def test_accounting_counts_the_lines_of_every_function(variants: Variants) -> None:
    counted = {
        metric["Id"]: metric["MetricStat"]["Metric"]
        for metric in accounting(variants)["Metrics"]
        if "MetricStat" in metric
    }
    functions = {
        name: counted[name]["Dimensions"][0]["Value"]["Ref"][:14]
        for name in ("accepted0", "accepted1", "delivered", "rejected", "dead")
    }

    assert len(counted) <= 10, "AWS allows no more"
    assert {counted[name]["Namespace"] for name in functions} == {"Firehose"}
    assert {counted[name]["Dimensions"][0]["Name"] for name in functions} == {"function"}
    assert functions["accepted0"].startswith("Endpoint")
    assert functions["accepted1"].startswith("Https")
    assert {functions[name] for name in ("delivered", "rejected", "dead")} == {"DeliveryWorker"}
