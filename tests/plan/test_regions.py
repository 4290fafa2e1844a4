"""The plan of each region: which pods share it, who may invoke, how large the function is."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import pytest

from plan.deployment import Deployment
from plan.region_plan import RegionPlan
from plan.regions import regions, regions_elsewhere
from plan.target import AWS, LOCAL, TARGETS, Target, TargetName, is_embedded, target_from

DEPLOYMENT_TOML = Path("deployment.toml")


def planned(target: Target = AWS, **choices: Any) -> dict[str, RegionPlan]:
    deployment = Deployment.model_validate({"name": "acme", **choices})
    return {plan.region: plan for plan in regions(deployment, target)}


def accounts(plan: RegionPlan) -> dict[str, bool]:
    return {account.number: account.confirmed for account in plan.invoking_accounts}


def test_pods_of_one_region_share_its_plan_in_mparticles_order() -> None:
    plans = planned()

    assert [(plan.region, plan.pods) for plan in plans.values()] == [
        ("us-east-1", ("US1", "US2")),
        ("eu-central-1", ("EU1",)),
        ("ap-southeast-2", ("AU1",)),
    ]


def test_only_regions_of_chosen_pods_are_planned() -> None:
    plans = planned(pods=["EU1", "US2"])

    assert {region: plan.pods for region, plan in plans.items()} == {
        "us-east-1": ("US2",),
        "eu-central-1": ("EU1",),
    }


def test_every_region_grants_the_documented_accounts_and_its_pods_own() -> None:
    documented = {"338661164609": True, "457804467337": True}
    plans = planned()

    assert accounts(plans["us-east-1"]) == documented | {"386705975570": False}
    assert accounts(plans["eu-central-1"]) == documented | {"583371261087": False}
    assert accounts(plans["ap-southeast-2"]) == documented | {"526464060896": False}


def test_deployment_confirms_adds_and_removes_accounts_of_one_pod() -> None:
    plans = planned(
        accounts={
            "EU1": {
                "confirmed": ["583371261087"],
                "extra": ["111122223333"],
                "removed": ["457804467337"],
            }
        }
    )

    assert accounts(plans["eu-central-1"]) == {
        "338661164609": True,
        "583371261087": True,
        "111122223333": True,
    }
    assert accounts(plans["ap-southeast-2"])["526464060896"] is False


def test_account_removed_for_one_pod_stays_for_the_other_of_its_region() -> None:
    plan = planned(accounts={"US1": {"removed": ["457804467337"]}})["us-east-1"]

    assert "457804467337" in accounts(plan)


def test_unconfirmed_accounts_name_where_they_are_documented() -> None:
    (account,) = planned()["eu-central-1"].unconfirmed_accounts

    assert account.number == "583371261087"
    assert "data-localization" in account.source


def test_region_overrides_add_to_the_environment_of_every_region() -> None:
    plans = planned(
        environment={"PARTNER_API_URL": "https://api.example", "LOCALE": "en"},
        regions={"eu-central-1": {"environment": {"PARTNER_API_URL": "https://eu.example"}}},
    )

    assert plans["us-east-1"].function.environment == {
        "PARTNER_API_URL": "https://api.example",
        "LOCALE": "en",
    }
    assert plans["eu-central-1"].function.environment == {
        "PARTNER_API_URL": "https://eu.example",
        "LOCALE": "en",
    }


def test_unreserved_function_shares_the_accounts_pool() -> None:
    plan = planned(function={"reserved_concurrency": "unreserved"})["us-east-1"]

    assert plan.function.reserved_concurrency is None


@pytest.mark.parametrize(
    ("runtime", "function", "snap_start"),
    [
        ("java25", {}, True),
        ("java25", {"provisioned_concurrency": 5}, False),
        ("java25", {"snap_start": False}, False),
        ("python3.14", {}, False),
        ("python3.14", {"snap_start": True}, True),
    ],
)
def test_snap_start_is_on_for_java_unless_provisioned_or_refused(
    tmp_path: Path, runtime: str, function: dict[str, object], snap_start: bool
) -> None:
    code = {"path": str(tmp_path), "runtime": runtime, "handler": "com.acme.Endpoint::handle"}
    plan = planned(code=code, function=function)["us-east-1"]

    assert plan.function.snap_start is snap_start


def test_another_artifact_is_deployed_as_it_is_without_an_integration(tmp_path: Path) -> None:
    jar = tmp_path / "acme.jar"
    jar.write_bytes(b"jar")
    code = {"path": str(jar), "runtime": "java25", "handler": "com.acme.Endpoint::handle"}
    function = planned(code=code)["us-east-1"].function

    assert function.package == jar
    assert function.integration is None


def test_embedded_aws_has_its_own_package_and_account_and_may_be_deleted() -> None:
    plan = planned(LOCAL, account="111122223333")["us-east-1"]

    assert plan.function.package == Path("build/local")
    assert plan.account == "000000000000"
    assert not plan.termination_protection
    assert not plan.complete


def test_aws_has_everything_and_nothing_there_is_deleted_by_accident() -> None:
    plan = planned(account="111122223333")["us-east-1"]

    assert plan.function.package == Path("build/aws")
    assert plan.account == "111122223333"
    assert plan.termination_protection is plan.complete is True


def test_embedded_aws_is_known_by_a_number_that_no_account_of_aws_has() -> None:
    assert is_embedded("000000000000") is True
    assert is_embedded("111122223333") is False


def test_calls_move_gradually_only_where_codedeploy_is() -> None:
    gradual = {"strategy": "canary-10-percent-5-minutes"}

    assert planned(rollout=gradual)["us-east-1"].rollout == "canary-10-percent-5-minutes"
    assert planned(LOCAL, rollout=gradual)["us-east-1"].rollout == "all-at-once"


def test_regions_without_a_pod_of_the_deployment_are_planned_as_if_they_had_one() -> None:
    def elsewhere(*pods: str) -> list[str]:
        deployment = Deployment.model_validate({"name": "acme", "pods": [*pods]})
        return [plan.stack_name for plan in regions_elsewhere(deployment, AWS)]

    assert elsewhere("EU1") == ["acme-firehose-us-east-1", "acme-firehose-ap-southeast-2"]
    assert elsewhere("US2", "EU1", "AU1") == []


def test_target_is_the_one_the_environment_names() -> None:
    assert target_from({}, DEPLOYMENT_TOML) == AWS
    assert target_from({"FIREHOSE_TARGET": "local"}, DEPLOYMENT_TOML) == LOCAL


def test_every_target_can_be_asked_for() -> None:
    assert set(get_args(TargetName)) == set(TARGETS)


def test_unknown_target_names_those_that_exist() -> None:
    with pytest.raises(ValueError, match="found 'moon'; allowed: aws, local"):
        target_from({"FIREHOSE_TARGET": "moon"}, DEPLOYMENT_TOML)


def test_plan_says_where_each_region_delivers_to_without_what_a_url_may_hide() -> None:
    plans = regions(
        Deployment.model_validate(
            {
                "name": "acme",
                "pods": ["US1", "EU1"],
                "environment": {
                    "API": "https://api.acme.example/v1?key=canary",
                    "ODD": "https://canary:canary@[half",
                    "MODE": "fast",
                },
                "regions": {"eu-central-1": {"environment": {"API": "https://eu.acme.example"}}},
            }
        ),
        AWS,
    )

    assert [plan.service_urls for plan in plans] == [
        {"API": "https://api.acme.example/v1", "ODD": "https://[half"},
        {"API": "https://eu.acme.example", "ODD": "https://[half"},
    ]
