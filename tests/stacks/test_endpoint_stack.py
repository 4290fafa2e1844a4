"""What every region's stack has, as somebody who operates it or is given its ARN would see it."""

from __future__ import annotations

from typing import Any

import pytest

from plan.mparticle import PODS
from tests.stacks.variants import Template, Variants, resources

REGIONS = sorted({pod.region for pod in PODS.values()})
every_region = pytest.mark.parametrize("region", REGIONS)


def the(template: Template, kind: str) -> tuple[str, dict[str, Any]]:
    """Give the only resource of a type: its logical id and properties."""
    ((logical_id, resource),) = resources(template, kind).items()
    return logical_id, resource.get("Properties", {})


@every_region
def test_planned_accounts_and_nobody_else_may_invoke_the_alias(
    variants: Variants, region: str
) -> None:
    template = variants.template("full", region)
    alias, _ = the(template, "AWS::Lambda::Alias")
    permissions = [
        permission["Properties"]
        for permission in resources(template, "AWS::Lambda::Permission").values()
    ]

    assert sorted(permission["Principal"] for permission in permissions) == sorted(
        account.number for account in variants.plan("full", region).invoking_accounts
    )
    for permission in permissions:
        assert permission["FunctionName"] == {"Ref": alias}
        assert permission["Action"] == "lambda:InvokeFunction"
        assert set(permission) == {"Action", "FunctionName", "Principal"}


@every_region
def test_names_that_leave_the_account_are_frozen(variants: Variants, region: str) -> None:
    # Changing any of these breaks the ARN that partners have given to mParticle.
    template = variants.template("acme", region)
    _, function = the(template, "AWS::Lambda::Function")
    alias_id, alias = the(template, "AWS::Lambda::Alias")

    assert variants.plan("acme", region).stack_name == f"acme-firehose-{region}"
    assert function["FunctionName"] == "acme-firehose"
    assert alias["Name"] == "production"
    assert template["Outputs"]["FunctionArn"]["Value"] == {"Ref": alias_id}
    assert alias_id == "EndpointAliasFA2A0EF8"
    assert the(template, "AWS::Lambda::Function")[0] == "EndpointFunction897CE2B6"


@every_region
def test_nothing_but_the_function_and_its_alias_has_a_physical_name(
    variants: Variants, region: str
) -> None:
    naming = {
        "AWS::CloudWatch::Alarm": "AlarmName",
        "AWS::IAM::Role": "RoleName",
        "AWS::KMS::Key": "KeyName",
        "AWS::Logs::LogGroup": "LogGroupName",
        "AWS::SNS::Topic": "TopicName",
    }
    for resource in variants.template("full", region)["Resources"].values():
        name = naming.get(resource["Type"])
        assert name is None or name not in resource.get("Properties", {})


def test_versions_are_retained_for_the_way_back_but_not_those_of_a_failed_update(
    variants: Variants,
) -> None:
    template = variants.template("acme")
    ((version_id, version),) = resources(template, "AWS::Lambda::Version").items()

    assert version["DeletionPolicy"] == "RetainExceptOnCreate"
    assert version["UpdateReplacePolicy"] == "Retain"
    assert the(template, "AWS::Lambda::Alias")[1]["FunctionVersion"] == {
        "Fn::GetAtt": [version_id, "Version"]
    }


def test_function_has_the_size_the_deployment_chose(variants: Variants) -> None:
    template = variants.template("full")
    _, function = the(template, "AWS::Lambda::Function")
    _, alias = the(template, "AWS::Lambda::Alias")

    assert function["MemorySize"] == 2048
    assert function["Architectures"] == ["x86_64"]
    assert function["ReservedConcurrentExecutions"] == 1500
    assert alias["ProvisionedConcurrencyConfig"] == {"ProvisionedConcurrentExecutions": 5}


def test_unreserved_function_has_no_reservation(variants: Variants) -> None:
    _, function = the(variants.template("shared"), "AWS::Lambda::Function")

    assert "ReservedConcurrentExecutions" not in function


def test_each_region_has_its_own_environment_and_the_contract(variants: Variants) -> None:
    def variables(region: str) -> dict[str, str]:
        _, function = the(variants.template("full", region), "AWS::Lambda::Function")
        environment: dict[str, str] = function["Environment"]["Variables"]
        return environment

    contract = {"FIREHOSE_INTEGRATION": "acme:Acme", "FIREHOSE_LOG_SAMPLE": "0.01"}
    assert variables("us-east-1") == contract | {"PARTNER_API_URL": "https://api.acme.example"}
    assert variables("eu-central-1") == contract | {"PARTNER_API_URL": "https://eu.acme.example"}


def test_role_may_write_the_functions_own_log_and_nothing_else(variants: Variants) -> None:
    template = variants.template("acme")
    log_group, properties = the(template, "AWS::Logs::LogGroup")
    _, role = the(template, "AWS::IAM::Role")
    _, policy = the(template, "AWS::IAM::Policy")

    assert properties["RetentionInDays"] == 30
    assert "ManagedPolicyArns" not in role
    assert policy["PolicyDocument"]["Statement"] == [
        {
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
            "Effect": "Allow",
            "Resource": {"Fn::GetAtt": [log_group, "Arn"]},
        }
    ]


def test_jar_differs_from_python_in_code_runtime_handler_and_what_follows(
    variants: Variants,
) -> None:
    python = the(variants.template("acme"), "AWS::Lambda::Function")[1]
    java = the(variants.template("jar"), "AWS::Lambda::Function")[1]

    assert {key for key in python.keys() | java.keys() if python.get(key) != java.get(key)} == {
        "Code",
        "Environment",  # names the integration, which a jar has not
        "FunctionName",
        "Handler",
        "Runtime",
        "SnapStart",
    }
    assert java["Runtime"] == "java21"
    assert java["SnapStart"] == {"ApplyOn": "PublishedVersions"}


def test_stack_cannot_be_deleted_by_accident_but_on_the_embedded_aws(variants: Variants) -> None:
    assert variants.stack_properties("acme")["properties"]["terminationProtection"] is True
    assert variants.stack_properties("embedded")["properties"]["terminationProtection"] is False


def test_stack_is_tagged_and_has_a_concrete_region(variants: Variants) -> None:
    stack = variants.stack_properties("full", "eu-central-1")

    assert stack["environment"] == "aws://111122223333/eu-central-1"
    assert stack["properties"]["tags"] == {
        "team": "integrations",
        "firehose:deployment": "full",
    }


def test_embedded_aws_lacks_only_the_alarms_it_cannot_deploy(variants: Variants) -> None:
    def kinds(variant: str) -> list[str]:
        found = variants.template(variant)["Resources"].values()
        return sorted(
            resource["Type"]
            for resource in found
            if "Metrics" not in resource.get("Properties", {})
        )

    assert kinds("embedded") == kinds("acme")
    assert "'Metrics'" not in str(variants.template("embedded"))
    assert "'Metrics'" in str(variants.template("acme"))
