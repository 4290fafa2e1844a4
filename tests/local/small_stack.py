"""A stack of a moment: the names and outputs of a deployed region without its size."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import boto3

from plan.mparticle import DOCUMENTED_ACCOUNTS, PODS
from plan.names import ALIAS, worker_name
from tests.local.cloud import Cloud

Deploy = Callable[..., Cloud]
REGIONS = ("us-east-1", "eu-central-1")
CANARY = "canary-email@example.com"
CODE = "def handler(event, context):\n    return {'version': %d}\n"


def client(environment: Mapping[str, str], service: Any, region: str) -> Any:
    """Give the client of a service in a region, made once: that takes longer than its calls."""
    return _client(environment["AWS_ENDPOINT_URL"], service, region)


@cache
def _client(url: str, service: Any, region: str) -> Any:
    return boto3.client(
        service,
        region_name=region,
        endpoint_url=url,
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


def create(environment: Mapping[str, str], name: str, region: str, code: str = CODE % 1) -> None:
    """Create the stack of a deployment in one region: version 1 behind the alias, two queues."""
    resources = {
        **function_resources("", f"{name}-firehose", code, memory_mb=1024),
        **function_resources("Worker", worker_name(name), code, memory_mb=512),
        **_grants(region),
        "Dead": {"Type": "AWS::SQS::Queue"},
        "Queue": {"Type": "AWS::SQS::Queue"},
        "Logs": {"Type": "AWS::Logs::LogGroup"},
        "Alarm": {
            "Type": "AWS::CloudWatch::Alarm",
            "Properties": {
                "AlarmActions": [f"arn:aws:sns:{region}:000000000000:alarms"],
                "AlarmDescription": "PAGE. Calls are throttled.",
                "Namespace": "AWS/Lambda",
                "MetricName": "Throttles",
                "Statistic": "Sum",
                "Period": 60,
                "EvaluationPeriods": 1,
                "Threshold": 1,
                "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            },
        },
    }
    outputs = {
        "FunctionArn": {"Value": {"Ref": "Alias"}},
        "QueueUrl": {"Value": {"Ref": "Queue"}},
        "DeadLetterQueueUrl": {"Value": {"Ref": "Dead"}},
    }
    create_stack(environment, name, region, {"Resources": resources, "Outputs": outputs})


def function_resources(prefix: str, name: str, code: str, *, memory_mb: int) -> dict[str, Any]:
    """Give a function with a published version behind its alias."""
    return {
        f"{prefix}Function": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "FunctionName": name,
                "Runtime": "python3.14",
                "Handler": "index.handler",
                "Role": "arn:aws:iam::000000000000:role/any",
                "MemorySize": memory_mb,
                "Code": {"ZipFile": code},
            },
        },
        f"{prefix}Version": {
            "Type": "AWS::Lambda::Version",
            "Properties": {"FunctionName": {"Ref": f"{prefix}Function"}},
        },
        f"{prefix}Alias": {
            "Type": "AWS::Lambda::Alias",
            "Properties": {
                "Name": ALIAS,
                "FunctionName": {"Ref": f"{prefix}Function"},
                "FunctionVersion": {"Fn::GetAtt": [f"{prefix}Version", "Version"]},
            },
        },
    }


def _grants(region: str) -> dict[str, Any]:
    """Let in the accounts that the plan of the pods US1 and EU1 has for a region."""
    pods = [PODS[name].account for name in ("US1", "EU1") if PODS[name].region == region]
    return {
        f"Grant{account.number}": {
            "Type": "AWS::Lambda::Permission",
            "Properties": {
                "Action": "lambda:InvokeFunction",
                "FunctionName": {"Ref": "Alias"},
                "Principal": account.number,
            },
        }
        for account in {it.number: it for it in (*DOCUMENTED_ACCOUNTS, *pods)}.values()
    }


def create_stack(
    environment: Mapping[str, str], name: str, region: str, template: dict[str, Any]
) -> None:
    """Create the stack of a deployment in one region from a template, and wait for it."""
    cloudformation = client(environment, "cloudformation", region)
    stack = f"{name}-firehose-{region}"
    cloudformation.create_stack(StackName=stack, TemplateBody=json.dumps(template))
    waiter = cloudformation.get_waiter("stack_create_complete")
    waiter.wait(StackName=stack, WaiterConfig={"Delay": 1, "MaxAttempts": 30})


def publish(environment: Mapping[str, str], name: str, region: str, number: int) -> None:
    """Publish another version with code of its own, and point the alias to it."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("index.py", CODE % number)
    lambda_ = client(environment, "lambda", region)
    function = f"{name}-firehose"
    lambda_.update_function_code(FunctionName=function, ZipFile=archive.getvalue())
    version = lambda_.publish_version(FunctionName=function)["Version"]
    lambda_.update_alias(FunctionName=function, Name=ALIAS, FunctionVersion=version)


def output(environment: Mapping[str, str], name: str, region: str, key: str) -> str:
    """Read one output of a stack that `create` made."""
    answer = client(environment, "cloudformation", region).describe_stacks(
        StackName=f"{name}-firehose-{region}"
    )
    (value,) = (
        found["OutputValue"]
        for found in answer["Stacks"][0]["Outputs"]
        if found["OutputKey"] == key
    )
    return str(value)


def bury(cloud: Cloud, name: str, region: str, reason: str | None, *, count: int = 1) -> None:
    """Put dead letters in as the worker does; without a reason, as SQS itself does."""
    sqs = client(cloud.environment, "sqs", region)
    url = output(cloud.environment, name, region, "DeadLetterQueueUrl")
    attributes = {"reason": {"DataType": "String", "StringValue": reason}} if reason else {}
    for number in range(count):
        sqs.send_message(
            QueueUrl=url,
            MessageBody=json.dumps({"id": number, "email": CANARY}),
            MessageGroupId="1042",
            MessageAttributes=attributes,
        )


def received(cloud: Cloud, name: str, region: str, key: str) -> list[dict[str, Any]]:
    url = output(cloud.environment, name, region, key)
    answer = client(cloud.environment, "sqs", region).receive_message(
        QueueUrl=url,
        MaxNumberOfMessages=10,
        VisibilityTimeout=0,
        MessageSystemAttributeNames=["MessageGroupId"],
        MessageAttributeNames=["All"],
    )
    messages: list[dict[str, Any]] = answer.get("Messages", [])
    return messages
