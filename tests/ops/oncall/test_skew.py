"""Where regions differ that the plan has alike, said for each role and each thing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ops.oncall.skew import skew
from plan.region_plan import RegionPlan
from tests.aws.cloud import FakeCloud

ENDPOINT, HTTPS, WORKER = "acme-firehose", "acme-Https-1", "acme-firehose-worker"
NEXT = "\nNext: firehose deploy makes them alike, or firehose rollback --region the newer ones"


def told(cloud: FakeCloud, plans: tuple[RegionPlan, ...]) -> list[str]:
    found = skew([cloud.live(plan) for plan in plans])
    assert all(it.endswith(NEXT) for it in found)
    return [it.removesuffix(NEXT) for it in found]


def change(cloud: FakeCloud, region: str, function: str, **changes: object) -> None:
    versions = cloud.session(region).functions.states[function].versions
    versions[1] = replace(versions[1], **changes)  # type: ignore[arg-type]


def test_regions_that_are_alike_are_no_skew(
    cloud: FakeCloud, plans: tuple[RegionPlan, ...]
) -> None:
    for plan in plans:
        change(cloud, plan.region, ENDPOINT, environment=(("A", "1"),))

    assert told(cloud, plans) == []
    assert skew([]) == []


@pytest.mark.parametrize(
    ("function", "role"), [(ENDPOINT, "lambda"), (HTTPS, "https"), (WORKER, "worker")]
)
def test_code_of_each_role_is_compared(
    cloud: FakeCloud, plans: tuple[RegionPlan, ...], function: str, role: str
) -> None:
    change(cloud, "eu-central-1", function, code="two")

    assert told(cloud, plans) == [
        f"{role}: regions differ in code: one in us-east-1, ap-southeast-2; two in eu-central-1"
    ]


def test_reservation_that_is_missing_is_called_none(
    cloud: FakeCloud, plans: tuple[RegionPlan, ...]
) -> None:
    cloud.session("us-east-1").functions.states[ENDPOINT].reserved = None

    (found,) = told(cloud, plans)
    assert found == (
        "lambda: regions differ in reserved concurrency: none in us-east-1;"
        " 1000 in eu-central-1, ap-southeast-2"
    )


def test_function_that_is_missing_somewhere_is_told(
    cloud: FakeCloud, plans: tuple[RegionPlan, ...]
) -> None:
    cloud.session("us-east-1").stacks.states[plans[0].stack_name].versions.pop(WORKER)

    (found,) = told(cloud, plans)
    assert found == (
        "worker: regions differ in presence: there in eu-central-1, ap-southeast-2;"
        " missing in us-east-1"
    )


def test_what_is_not_planned_everywhere_is_missing_nowhere(
    cloud: FakeCloud, plans: tuple[RegionPlan, ...]
) -> None:
    cloud.session("us-east-1").stacks.states[plans[0].stack_name].versions.pop(WORKER)

    assert told(cloud, (replace(plans[0], delivery=None), *plans[1:])) == []


def test_role_that_runs_nowhere_is_missing_nowhere(
    cloud: FakeCloud, plans: tuple[RegionPlan, ...]
) -> None:
    for plan in plans:
        cloud.session(plan.region).stacks.states[plan.stack_name].versions.pop(WORKER)

    assert told(cloud, plans) == []


@pytest.mark.parametrize("unlike", ["memory_mb", "reserved_concurrency"])
def test_what_the_plan_has_unlike_may_differ(
    cloud: FakeCloud, plans: tuple[RegionPlan, ...], unlike: str
) -> None:
    change(cloud, "us-east-1", ENDPOINT, memory_mb=256)
    cloud.session("us-east-1").functions.states[ENDPOINT].reserved = 7
    kept = {"memory_mb": "reserved concurrency", "reserved_concurrency": "memory"}[unlike]
    function = replace(plans[0].function, **{unlike: 7})  # type: ignore[arg-type]

    (found,) = told(cloud, (replace(plans[0], function=function), *plans[1:]))

    assert found.startswith(f"lambda: regions differ in {kept}: ")


def test_variables_that_differ_are_named_in_order_without_ours_and_without_values(
    cloud: FakeCloud, plans: tuple[RegionPlan, ...]
) -> None:
    environment = (("Z", "canary"), ("FIREHOSE_OF_OURS", "canary"), ("A", "canary"))
    change(cloud, "us-east-1", ENDPOINT, environment=environment)

    (found,) = (it for it in told(cloud, plans) if "environment" in it)

    assert found == "lambda: regions differ in environment: A, Z"


def test_variable_that_the_plan_has_unlike_may_differ(
    cloud: FakeCloud, plans: tuple[RegionPlan, ...]
) -> None:
    change(cloud, "us-east-1", ENDPOINT, environment=(("A", "1"), ("B", "1")))
    change(cloud, "eu-central-1", ENDPOINT, environment=(("A", "2"), ("B", "2")))
    function = replace(plans[0].function, environment={"A": "1"})

    found = told(cloud, (replace(plans[0], function=function), *plans[1:]))

    assert [it for it in found if "environment" in it] == [
        "lambda: regions differ in environment: B"
    ]
