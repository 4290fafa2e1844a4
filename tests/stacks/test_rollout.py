"""How calls move to a new version: at once or gradually, and always to a version of its own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Environment

from plan.deployment import Deployment
from plan.regions import regions
from plan.rollout import Rollout
from plan.target import AWS, LOCAL
from stacks.endpoint_stack import EndpointStack
from stacks.gradual_rollout import CONFIGS
from tests.stacks.variants import CONTEXT, VARIANTS, Template, Variants, resources


def template(folder: Path, **choices: Any) -> Template:
    package = folder / "package"
    package.mkdir(parents=True)
    (package / "handler.py").write_text("")
    deployment = Deployment.model_validate({"name": "acme", "pods": ["EU1"], **choices})
    (plan,) = regions(deployment, replace(AWS, package=package))
    app = App(outdir=str(folder / "cdk.out"), context=CONTEXT)
    EndpointStack(app, "Acme", plan=plan, env=Environment(region=plan.region))
    found: Template = app.synth().get_stack_by_name("Acme").template
    return found


def version(found: Template) -> str:
    alias = resources(found, "AWS::Lambda::Alias")["EndpointAliasFA2A0EF8"]
    name: str = alias["Properties"]["FunctionVersion"]["Fn::GetAtt"][0]
    return name


def test_every_strategy_of_the_file_is_one_of_codedeploys() -> None:
    strategies = Rollout.model_json_schema()["properties"]["strategy"]["enum"]

    assert strategies == ["all-at-once", *CONFIGS]
    for strategy, config in CONFIGS.items():
        words = strategy.replace("percent", "Percent").replace("minutes", "Minutes")
        expected = words.replace("minute", "Minute").replace("every", "Every").split("-")
        name = "".join(word[0].upper() + word[1:] for word in expected)
        assert config.deployment_config_name == f"CodeDeployDefault.Lambda{name}"


def test_codedeploy_exists_only_where_it_was_chosen(variants: Variants) -> None:
    for variant in VARIANTS:
        groups = resources(variants.template(variant), "AWS::CodeDeploy::DeploymentGroup")
        assert len(groups) == (2 if variant == "gradual" else 0)


def test_gradual_rollout_goes_back_when_an_alarm_of_its_endpoint_pages(
    variants: Variants,
) -> None:
    found = variants.template("gradual")
    groups = resources(found, "AWS::CodeDeploy::DeploymentGroup")
    alarms = resources(found, "AWS::CloudWatch::Alarm")

    for endpoint, group in zip(("Endpoint", "Https"), groups.values(), strict=True):
        properties = group["Properties"]
        watched = [alarm["Name"]["Ref"] for alarm in properties["AlarmConfiguration"]["Alarms"]]
        assert len(watched) == 3
        for alarm in watched:
            judged = alarms[alarm]["Properties"]
            period = {metric["MetricStat"]["Period"] for metric in judged["Metrics"][1:]}.pop()
            # a minute until the metric has arrived, and one until the alarm is evaluated:
            # docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
            assert judged["DatapointsToAlarm"] * period + 120 < 300, "within the shortest canary"
            assert alarm.startswith(f"Alarms{endpoint}")
            assert alarms[alarm]["Properties"]["AlarmDescription"].startswith("PAGE. ")
        assert properties["AlarmConfiguration"]["Enabled"] is True
        assert "DEPLOYMENT_STOP_ON_ALARM" in properties["AutoRollbackConfiguration"]["Events"]
        assert any("RoleDefaultPolicy" in needed for needed in group["DependsOn"])


def test_each_alias_is_moved_by_its_own_group(variants: Variants) -> None:
    aliases = resources(variants.template("gradual"), "AWS::Lambda::Alias")
    worker = aliases.pop("DeliveryWorkerAlias8EC584C9")
    groups = [
        alias["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"]["DeploymentGroupName"]["Ref"]
        for alias in aliases.values()
    ]

    assert len(set(groups)) == len(aliases) == 2
    assert "UpdatePolicy" not in worker, "nobody waits for the worker, so it moves at once"


def test_embedded_aws_moves_all_at_once() -> None:
    choices = {"name": "acme", "rollout": {"strategy": "canary-10-percent-5-minutes"}}

    for plan in regions(Deployment.model_validate(choices), LOCAL):
        assert plan.rollout == "all-at-once"


@pytest.mark.parametrize(
    "choices",
    [
        {"function": {"memory_mb": 2048}},
        {"function": {"timeout_seconds": 9}},
        {"environment": {"PARTNER_API_URL": "https://api.acme.example"}},
    ],
)
def test_changing_only_configuration_publishes_a_version(
    choices: dict[str, Any], tmp_path: Path
) -> None:
    before = version(template(tmp_path / "before"))

    assert version(template(tmp_path / "after", **choices)) != before


def test_changing_what_is_no_part_of_a_version_publishes_none(tmp_path: Path) -> None:
    before = version(template(tmp_path / "before"))
    after = template(
        tmp_path / "after",
        function={"reserved_concurrency": 1200},
        tags={"team": "integrations"},
        alarms={"go_live": True},
    )

    assert version(after) == before
