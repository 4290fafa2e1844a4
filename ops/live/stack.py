"""A region's stack and the resources in it, found by their type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from cloud.outputs import not_deployed
from plan.region_plan import RegionPlan

if TYPE_CHECKING:
    from boto3.session import Session

ALARM = "AWS::CloudWatch::Alarm"
CODEDEPLOY_APPLICATION = "AWS::CodeDeploy::Application"
COMPOSITE_ALARM = "AWS::CloudWatch::CompositeAlarm"
LAMBDA_ALIAS = "AWS::Lambda::Alias"
LOG_GROUP = "AWS::Logs::LogGroup"

Resources = Mapping[str, Sequence[str]]
"""The physical ids of each type."""


def resources_of(session: Session, plan: RegionPlan) -> Resources:
    """List what exists of a region's stack, by type.

    Raises `CommandError` with exit code 4 when the stack is missing.
    """
    from botocore.exceptions import ClientError  # noqa: PLC0415 - see cloud.regions

    found: dict[str, list[str]] = {}
    pages = session.client("cloudformation").get_paginator("list_stack_resources")
    try:
        for page in pages.paginate(StackName=plan.stack_name):
            for resource in page["StackResourceSummaries"]:
                if "PhysicalResourceId" in resource:
                    ids = found.setdefault(resource["ResourceType"], [])
                    ids.append(resource["PhysicalResourceId"])
    except ClientError as error:
        if "does not exist" not in str(error):
            raise
        raise not_deployed(plan, "the stack does not exist") from None
    return found
