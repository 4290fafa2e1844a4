"""What a preview tells programs, and the cost of what runs before: only of the parts that run."""

from __future__ import annotations

from typing import Any

import pytest

from ops.release.preview import Preview, preview
from ops.release.stack_diff import ResourceChange, changes_in
from plan.deployment import Deployment
from plan.region_plan import RegionPlan
from plan.regions import regions
from plan.target import AWS
from tests.aws.cloud import FakeCloud

INLINE = {
    "processing": {"events": "inline", "audiences": "inline", "dsr": "inline"},
    "queue": {"keep": False},
}
REPLACED = ResourceChange(
    change="changed",
    kind="AWS::SQS::Queue",
    resource="Delivery/Queue",
    logical_id="DeliveryQueue1",
    effect="replaced",
    properties=["QueueName"],
)
ADDED = ResourceChange(
    change="added", kind="AWS::IAM::Role", resource="Role", logical_id="Role1", effect=""
)


def planned(**choices: Any) -> RegionPlan:
    chosen = {"name": "acme", "pods": ["EU1"], **choices}
    (plan,) = regions(Deployment.model_validate(chosen), AWS)
    return plan


def previewed(runs: RegionPlan, plan: RegionPlan, *changes: ResourceChange) -> Preview:
    """Preview a plan where another one runs."""
    cloud = FakeCloud()
    cloud.deploy(runs)
    return preview(cloud.live(plan), changes)


def test_record_has_all_of_it_in_cents() -> None:
    accounts = {"EU1": {"removed": ["457804467337"], "extra": ["111122223333"]}}

    function = {"memory_mb": 1344}  # so that the month does not cost whole cents
    plan = planned(accounts=accounts, function=function)

    found = previewed(planned(function=function), plan, REPLACED, ADDED)
    record = dict(found.record())
    cents = {name: str(record.pop(name)) for name in ("usd_before", "usd_after")}

    assert record == {
        "region": "eu-central-1",
        "stack": "acme-firehose-eu-central-1",
        "new": False,
        "versions": {"lambda": "stays at 1", "worker": "stays at 1"},
        "may_invoke": ["338661164609", "457804467337", "583371261087"],
        "no_longer": ["457804467337"],
        "from_then_on": ["111122223333"],
        "changes": [
            {
                "change": "changed",
                "resource": "Delivery/Queue",
                "type": "AWS::SQS::Queue",
                "effect": "replaced",
                "properties": ["QueueName"],
            },
            {
                "change": "added",
                "resource": "Role",
                "type": "AWS::IAM::Role",
                "effect": None,
                "properties": [],
            },
        ],
    }
    assert [f"{float(it):.2f}" for it in cents.values()] == [*cents.values()]
    assert list(found.facts()) == ["versions", "who may invoke", "cost"]


def test_resource_without_a_path_is_named_by_its_logical_id() -> None:
    (found,) = changes_in("Stack acme\nResources\n[+] AWS::SQS::Queue Queue4A7E3555 \n")

    assert (found.resource, found.logical_id) == ("Queue4A7E3555", "Queue4A7E3555")


def test_first_deployment_has_the_same_facts_as_another_one() -> None:
    first = preview(FakeCloud().live(planned()), [])

    assert list(first.facts()) == ["versions", "who may invoke", "cost"]
    assert first.facts()["cost"].endswith(" USD a month")


@pytest.mark.parametrize(
    ("runs", "then"),
    [
        ({}, {"transports": ["lambda", "https"]}),
        ({"transports": ["https"]}, {"transports": ["https"], "function": {"memory_mb": 2048}}),
        ({}, {"worker": {"memory_mb": 2048}}),
        (INLINE, {}),
    ],
    ids=["another transport", "a larger URL", "a larger worker", "a queue"],
)
def test_cost_before_is_that_of_the_parts_that_run(
    runs: dict[str, Any], then: dict[str, Any]
) -> None:
    before = previewed(planned(**runs), planned(**runs)).usd_after

    found = previewed(planned(**runs), planned(**then))

    assert found.usd_before == pytest.approx(before)
    assert found.usd_after != pytest.approx(before)


def test_only_what_mparticle_waits_for_is_asked_for_what_is_kept_warm() -> None:
    plan, cloud = planned(transports=["lambda", "https"]), FakeCloud()
    cloud.deploy(plan)

    preview(cloud.live(plan), [])

    calls = cloud.session(plan.region).functions.calls
    assert calls.count("get_provisioned_concurrency_config") == 2
