"""A region whose account AWS allows little: it deploys without the reservation, and says so."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.stacks.variants import Variants, resources


def functions(variants: Variants, region: str) -> dict[str, dict[str, Any]]:
    found = resources(variants.template("young", region), "AWS::Lambda::Function")
    return {
        function["Properties"]["FunctionName"]: function["Properties"]
        for function in found.values()
    }


def provisioned(variants: Variants, region: str) -> bool:
    alias = variants.template("young", region)["Resources"]["EndpointAliasFA2A0EF8"]
    return "ProvisionedConcurrencyConfig" in alias["Properties"]


def warnings(variants: Variants, region: str) -> list[str]:
    entries = variants.stack_metadata("young", region)
    return [entry["data"] for entry in entries if entry["type"] == "aws:cdk:warning"]


def test_reservation_that_fits_is_there_without_a_word(variants: Variants) -> None:
    region = "ap-southeast-2"

    assert functions(variants, region)["young-firehose"]["ReservedConcurrentExecutions"] == 1000
    assert (
        functions(variants, region)["young-firehose-worker"]["ReservedConcurrentExecutions"] == 100
    )
    assert provisioned(variants, region)
    assert warnings(variants, region) == []
    assert "LeftOut" not in variants.template("young", region)["Outputs"]


def test_reservation_that_aws_would_refuse_is_left_out_and_the_rest_stays(
    variants: Variants,
) -> None:
    region = "us-east-1"

    assert "ReservedConcurrentExecutions" not in functions(variants, region)["young-firehose"]
    assert (
        functions(variants, region)["young-firehose-worker"]["ReservedConcurrentExecutions"] == 100
    )
    assert provisioned(variants, region)


def test_fresh_account_gets_neither_reservations_nor_warm_environments(
    variants: Variants,
) -> None:
    region = "eu-central-1"

    assert not provisioned(variants, region)
    for function in functions(variants, region).values():
        assert "ReservedConcurrentExecutions" not in function


@pytest.mark.parametrize(
    ("region", "left_out"),
    [
        ("us-east-1", ["function.reserved_concurrency = 1000 (endpoint)"]),
        (
            "eu-central-1",
            [
                "function.reserved_concurrency = 1000 (endpoint)",
                "function.provisioned_concurrency = 5 (endpoint)",
                "worker.reserved_concurrency = 100 (worker)",
            ],
        ),
    ],
)
def test_what_is_left_out_is_an_output_and_a_warning_each(
    variants: Variants, region: str, left_out: list[str]
) -> None:
    output = variants.template("young", region)["Outputs"]["LeftOut"]

    assert output["Value"] == "; ".join(left_out)
    assert len(warnings(variants, region)) == len(left_out)
    for choice, warning in zip(left_out, warnings(variants, region), strict=True):
        assert warning.startswith(choice.partition(" (")[0])
        assert "measured on 2026-11-02" in warning
        assert "Next: ask AWS for at least" in warning


def test_alarms_stay_without_the_reservation(variants: Variants) -> None:
    def alarms(region: str) -> int:
        return len(resources(variants.template("young", region), "AWS::CloudWatch::Alarm"))

    assert alarms("eu-central-1") >= 2
    assert json.dumps(variants.template("young", "eu-central-1")).count("Throttles") >= 2
