"""Our own rules: each fires on a template that breaks it, and none on ours."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, CfnResource, Environment, Stack, Validations

from plan.deployment import Deployment
from plan.regions import regions
from plan.target import AWS
from stacks.endpoint_stack import EndpointStack
from stacks.policy import GUARD_RULES, own_rules
from tests.stacks.variants import ROOT

RULES = set(re.findall(r"^rule (\w+)", GUARD_RULES.read_text(), re.MULTILINE))
CONTEXT = json.loads((ROOT / "cdk.json").read_text())["context"]

ALLOWED = {"Effect": "Allow", "Action": "kms:*", "Resource": "*"}
EVERYBODY = {"PolicyDocument": {"Statement": [{**ALLOWED, "Principal": "*"}]}}
BAD: dict[str, tuple[str, dict[str, Any]]] = {
    "memory_of_at_least_256_mb": ("AWS::Lambda::Function", {"MemorySize": 255}),
    "nobody_is_everybody": (
        "AWS::Lambda::Permission",
        {"Principal": "*", "FunctionName": {"Ref": "Alias"}},
    ),
    "nobody_is_everybody_in_a_policy": ("AWS::SQS::QueuePolicy", EVERYBODY),
    "nobody_is_everybody_for_a_key": (
        "AWS::KMS::Key",
        {"KeyPolicy": {"Statement": [{**ALLOWED, "Principal": {"AWS": "*"}}]}},
    ),
    "permission_is_on_the_alias": (
        "AWS::Lambda::Permission",
        {"Principal": "338661164609", "FunctionName": "acme-firehose"},
    ),
    "only_frozen_names_are_physical": ("AWS::IAM::Role", {"RoleName": "acme"}),
    "functions_have_their_frozen_names": (
        "AWS::Lambda::Function",
        {"MemorySize": 1024, "FunctionName": "other"},
    ),
    "log_retention_is_set": ("AWS::Logs::LogGroup", {}),
    "queue_is_encrypted": ("AWS::SQS::Queue", {"SqsManagedSseEnabled": True}),
}


def broken(app: App) -> set[str]:
    """Synthesize, and give the names of our rules that fired."""
    Validations.of(app).add_plugins(own_rules())
    try:
        app.synth()
    except RuntimeError as error:
        assert "ValidationFailed" in str(error)  # noqa: PT017 - a clean app raises nothing
    report = Path(app.outdir) / "validation-report.json"
    text = report.read_text() if report.exists() else ""
    return {rule for rule in RULES if re.search(rf"\b{rule}\b", text)}


def app_with(folder: Path, *found: tuple[str, dict[str, Any]]) -> App:
    app = App(outdir=str(folder), context=CONTEXT)
    stack = Stack(app, "Bad", env=Environment(region="eu-central-1"))
    for number, (kind, properties) in enumerate(found):
        CfnResource(stack, f"R{number}", type=kind, properties=properties)
    return app


def test_every_rule_has_a_template_that_breaks_it() -> None:
    assert set(BAD) == RULES


@pytest.mark.parametrize("rule", BAD)
def test_rule_fires_on_a_template_that_breaks_it_alone(rule: str, tmp_path: Path) -> None:
    assert broken(app_with(tmp_path, BAD[rule])) == {rule}


@pytest.mark.parametrize(
    ("kind", "properties"),
    [
        ("AWS::SNS::Topic", {"TopicName": "alarms"}),
        ("AWS::SQS::Queue", {"QueueName": "q", "KmsMasterKeyId": "k"}),
        ("AWS::Logs::LogGroup", {"LogGroupName": "l", "RetentionInDays": 1}),
    ],
)
def test_no_other_name_is_physical(kind: str, properties: dict[str, Any], tmp_path: Path) -> None:
    assert broken(app_with(tmp_path, (kind, properties))) == {"only_frozen_names_are_physical"}


def test_stack_with_everything_breaks_no_rule(tmp_path: Path) -> None:
    package = tmp_path / "package"
    package.mkdir()
    (package / "handler.py").write_text("")
    choices = {"name": "acme", "pods": ["EU1"], "transports": ["lambda", "https"]}
    deployment = Deployment.model_validate({**choices, "alarms": {"email": "a@acme.example"}})
    (plan,) = regions(deployment, replace(AWS, package=package))
    app = App(outdir=str(tmp_path / "cdk.out"), context=CONTEXT)
    env = Environment(account="111122223333", region=plan.region)
    EndpointStack(app, plan.stack_name, plan=plan, env=env)

    assert broken(app) == set()
