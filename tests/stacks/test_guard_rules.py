"""Our own rules: each fires on a template that breaks it, and none on ours."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping
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
from tests.stacks.variants import CONTEXT

RULES = set(re.findall(r"^rule (\w+)", GUARD_RULES.read_text(), re.MULTILINE))


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


OTHER_NAMES: dict[str, tuple[str, dict[str, Any]]] = {
    "topic": ("AWS::SNS::Topic", {"TopicName": "alarms"}),
    "queue": ("AWS::SQS::Queue", {"QueueName": "q", "KmsMasterKeyId": "k"}),
    "log": ("AWS::Logs::LogGroup", {"LogGroupName": "l", "RetentionInDays": 1}),
}

CDKS_OWN = "CDK-GameLift-001"
"""A rule of CDK's own, so far only of a service that has nothing to do with this one."""
BREAKS_CDKS_OWN = {"EC2InboundPermissions": [{"FromPort": 2, "ToPort": 1}]}

Fired = Mapping[str, set[str]]
"""The names of our rules, and of that one, that a stack breaks, by the id of the stack."""


@pytest.fixture(scope="module")
def fired(tmp_path_factory: pytest.TempPathFactory) -> Fired:
    """Validate every broken template, and a stack with everything, in one synthesis."""
    folder = tmp_path_factory.mktemp("guard")
    app = App(outdir=str(folder / "cdk.out"), context=CONTEXT)
    for case, (kind, properties) in {**BAD, **OTHER_NAMES}.items():
        stack = Stack(app, stack_id(case), env=Environment(region="eu-central-1"))
        CfnResource(stack, "Bad", type=kind, properties=properties)
    stack = Stack(app, "cdks-own", env=Environment(region="eu-central-1"))
    CfnResource(stack, "Bad", type="AWS::GameLift::Fleet", properties=BREAKS_CDKS_OWN)
    add_stack_with_everything(app, folder / "package")
    Validations.of(app).add_plugins(own_rules())
    with pytest.raises(RuntimeError, match="ValidationFailed"):
        app.synth()
    report = json.loads((Path(app.outdir) / "validation-report.json").read_text())
    found: dict[str, set[str]] = defaultdict(set)
    for plugin in report["pluginReports"]:
        for violation in plugin["violations"]:
            for construct in violation["violatingConstructs"]:
                stack_of = construct["constructPath"].partition("/")[0]
                found[stack_of] |= {*RULES, CDKS_OWN} & {violation["ruleName"]}
    return found


def stack_id(case: str) -> str:
    return case.replace("_", "-")


def add_stack_with_everything(app: App, package: Path) -> None:
    package.mkdir()
    (package / "handler.py").write_text("")
    choices = {"name": "acme", "pods": ["EU1"], "transports": ["lambda", "https"]}
    deployment = Deployment.model_validate({**choices, "alarms": {"email": "a@acme.example"}})
    (plan,) = regions(deployment, replace(AWS, package=package))
    env = Environment(account="111122223333", region=plan.region)
    EndpointStack(app, "everything", plan=plan, env=env)


def test_every_rule_has_a_template_that_breaks_it() -> None:
    assert set(BAD) == RULES


@pytest.mark.parametrize("rule", BAD)
def test_rule_fires_on_a_template_that_breaks_it_alone(rule: str, fired: Fired) -> None:
    assert fired[stack_id(rule)] == {rule}


@pytest.mark.parametrize("kind", OTHER_NAMES)
def test_no_other_name_is_physical(kind: str, fired: Fired) -> None:
    assert fired[kind] == {"only_frozen_names_are_physical"}


def test_stack_with_everything_breaks_no_rule(fired: Fired) -> None:
    assert fired["everything"] == set()


def test_rules_that_cdk_brings_are_looked_at_beside_ours(fired: Fired) -> None:
    assert fired["cdks-own"] == {CDKS_OWN}
