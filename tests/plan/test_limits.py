"""Measured limits: their file, and what of a deployment fits into them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from plan.capacity import pool
from plan.deployment import Deployment
from plan.limits import Limits, RegionLimits, limits_file, limits_of
from plan.problems import DeploymentError
from plan.region_plan import RegionPlan
from plan.regions import regions
from plan.target import AWS

FILE = """
[regions.us-east-1]
measured_on = 2026-11-02
concurrent_executions = 1000
unreserved = 900
own_reserved = 100
"""


def limits(account: int, unreserved: int, own: int = 0) -> RegionLimits:
    return RegionLimits(
        measured_on=date(2026, 11, 2),
        concurrent_executions=account,
        unreserved=unreserved,
        own_reserved=own,
    )


def planned(measured: RegionLimits | None, **choices: Any) -> RegionPlan:
    deployment = Deployment.model_validate({"name": "acme", "pods": ["EU1"], **choices})
    regional = {"eu-central-1": measured} if measured else {}
    (plan,) = regions(deployment, AWS, Limits(regions=regional))
    return plan


def inline(**choices: Any) -> dict[str, Any]:
    families = {"events": "inline", "audiences": "inline", "dsr": "inline"}
    return {"processing": families, "queue": {"keep": False}, **choices}


def test_file_lies_beside_the_deployment_and_is_read_from_there(tmp_path: Path) -> None:
    deployment = tmp_path / "staging.toml"
    assert limits_of(deployment) == Limits()

    limits_file(deployment).write_text(FILE)

    assert limits_file(deployment).name == "staging.limits.toml"
    assert limits_of(deployment).regions == {"us-east-1": limits(1000, 900, 100)}


def test_all_problems_of_a_limits_file_are_reported_together(tmp_path: Path) -> None:
    deployment = tmp_path / "deployment.toml"
    limits_file(deployment).write_text(
        """
        [regions.us-east-1]
        measured_on = "yesterday"
        concurrent_executions = -1
        unreserved = 10
        [regions.eu-central-1]
        measured_on = 2026-11-02
        concurrent_executions = 1000
        unreserved = 950
        own_reserved = 100
        colour = "red"
        [regions.eu-west-1]
        """
    )

    with pytest.raises(DeploymentError) as raised:
        limits_of(deployment)

    assert {problem.key for problem in raised.value.problems} == {
        "regions.us-east-1.measured_on",
        "regions.us-east-1.concurrent_executions",
        "regions.eu-central-1.unreserved",
        "regions.eu-central-1.colour",
        "regions.eu-west-1",
        "regions.eu-west-1.measured_on",
        "regions.eu-west-1.concurrent_executions",
        "regions.eu-west-1.unreserved",
    }
    assert str(raised.value).startswith(f"{limits_file(deployment)} cannot be used:")


@pytest.mark.parametrize(
    ("measured", "reserved"),
    [
        (None, 1000),
        (limits(1100, 1100), 1000),
        (limits(1099, 1099), None),
        (limits(1100, 100, own=1000), 1000),
        (limits(1100, 99, own=1000), None),
        (limits(10, 10), None),
    ],
)
def test_reservation_stays_when_it_leaves_a_hundred_unreserved(
    measured: RegionLimits | None, reserved: int | None
) -> None:
    plan = planned(measured, **inline())

    assert plan.function.reserved_concurrency == reserved
    assert bool(plan.left_out) == (reserved is None)


def test_endpoint_comes_before_the_worker() -> None:
    plan = planned(limits(1_150, 1_150))

    assert plan.delivery
    assert plan.function.reserved_concurrency == 1_000
    assert plan.delivery.worker.reserved_concurrency is None
    assert [(choice.setting, choice.of, choice.room) for choice in plan.left_out] == [
        ("worker.reserved_concurrency", "worker", 50)
    ]


def test_both_endpoints_need_room() -> None:
    plan = planned(limits(2_000, 2_000), transports=["lambda", "https"])

    assert plan.https
    assert plan.function.reserved_concurrency == 1_000
    assert plan.https.function.reserved_concurrency is None
    assert (plan.left_out[0].setting, plan.left_out[0].of) == (
        "function.reserved_concurrency",
        "HTTPS endpoint",
    )


def test_warm_environments_of_an_unreserved_function_take_room_too() -> None:
    chosen = {"reserved_concurrency": "unreserved", "provisioned_concurrency": 50}
    fits = planned(limits(200, 150), **inline(function=chosen))
    does_not = planned(limits(200, 149), **inline(function=chosen))

    assert fits.function.provisioned_concurrency == 50
    assert does_not.function.provisioned_concurrency == 0
    assert [choice.setting for choice in does_not.left_out] == ["function.provisioned_concurrency"]


def test_what_is_left_out_names_the_limit_to_ask_for() -> None:
    (choice,) = planned(limits(1_000, 800), **inline()).left_out

    assert choice.room == 700
    assert choice.needed_limit == 1_300
    assert str(choice).startswith(
        "function.reserved_concurrency = 1000 of the endpoint is left out"
    )
    assert planned(limits(1_300, 1_100), **inline()).left_out == ()


def test_account_below_aws_own_floor_needs_the_floor_too() -> None:
    (choice,) = planned(limits(10, 10), **inline()).left_out

    assert choice.needed_limit == 1_100
    assert "at most 0" in str(choice)


def test_unreserved_functions_share_what_is_not_reserved() -> None:
    chosen = {"reserved_concurrency": "unreserved"}

    assert pool(planned(None, **inline(function=chosen))) == 1_000
    assert pool(planned(limits(3_000, 2_500), **inline(function=chosen))) == 2_500
    assert pool(planned(limits(3_000, 2_500), function=chosen)) == 2_400
    assert pool(planned(limits(3_000, 2_400, own=100), function=chosen)) == 2_400
