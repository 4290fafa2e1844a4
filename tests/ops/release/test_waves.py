"""The order of regions: mParticle's first alone, then the others, unless somebody chose."""

from __future__ import annotations

import pytest

from console.exit_codes import CommandError, ExitCode
from ops.release.waves import order_of, waves_of
from plan.deployment import Deployment
from plan.region_plan import RegionPlan
from plan.regions import regions
from plan.target import AWS


@pytest.fixture
def plans() -> tuple[RegionPlan, ...]:
    return regions(Deployment.model_validate({"name": "acme"}), AWS)


def test_default_is_us_east_1_and_then_all_others_together(plans: tuple[RegionPlan, ...]) -> None:
    assert order_of(waves_of(plans, [])) == "us-east-1, then eu-central-1 and ap-southeast-2"
    assert order_of(waves_of(plans[1:2], [])) == "eu-central-1"


def test_chosen_waves_keep_their_order(plans: tuple[RegionPlan, ...]) -> None:
    chosen = ["ap-southeast-2", "eu-central-1, us-east-1"]

    assert order_of(waves_of(plans, chosen)) == "ap-southeast-2, then eu-central-1 and us-east-1"


@pytest.mark.parametrize(
    "chosen",
    [
        ["us-east-1"],
        ["us-east-1", "us-east-1", "eu-central-1", "ap-southeast-2"],
        ["us-east-1", "eu-central-1", "ap-southeast-2", "eu-west-1"],
    ],
)
def test_waves_that_leave_out_repeat_or_invent_a_region_are_wrong_usage(
    plans: tuple[RegionPlan, ...], chosen: list[str]
) -> None:
    with pytest.raises(CommandError, match="--wave: found") as raised:
        waves_of(plans, chosen)

    assert raised.value.exit_code is ExitCode.USAGE
