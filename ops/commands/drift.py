"""`firehose drift`: what somebody changed by hand in a region's stack since it was deployed."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from console.exit_codes import CommandError
from console.options import DEFAULT_DEPLOYMENT, DeploymentOption, FormatOption, RegionOption
from console.outcomes import finish
from console.output import Format, Record, say, write
from console.planned_regions import planned
from ops.live.every_region import in_live_regions
from ops.live.functions import LAMBDA_ALIAS
from ops.live.region import LiveRegion
from plan.region_plan import RegionPlan

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudformation.type_defs import (
        DescribeStackResourceDriftsInputTypeDef,
        StackResourceDriftTypeDef,
    )

_PAUSE_SECONDS = 1.0
_LONGEST_SECONDS = 300
_VERSION = "/FunctionVersion"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One resource that is not as the template says; `properties` are the paths that differ."""

    region: str
    resource: str
    kind: str
    status: str
    properties: tuple[str, ...]

    @property
    def is_rollback(self) -> bool:
        """Whether this is what `firehose rollback` leaves behind."""
        return self.kind == LAMBDA_ALIAS and self.properties == (_VERSION,)


def drift(
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    region: RegionOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Compare every resource of every region with its template, as CloudFormation sees it.

    Names of properties are shown, values are not.

    Example: firehose drift --region us-east-1
    """
    say("CloudFormation compares; that takes up to a few minutes on AWS …")
    found, failures = in_live_regions(planned(deployment, region), changes)
    write([_record(change) for _, them in found for change in them], form=form)
    finish(failures, [_complaint(plan, them) for plan, them in found if them])
    say("Every resource is as its template says.")


def changes(live: LiveRegion) -> list[Change]:
    """Let CloudFormation look for drift, and read what it found.

    Raises `CommandError` when the stack is missing or the comparison fails or takes too long.
    """
    plan, stack = live.plan, live.stack.identifier
    cloudformation = live.session.client("cloudformation")
    detection = cloudformation.detect_stack_drift(StackName=stack)
    _wait(cloudformation, detection["StackDriftDetectionId"], plan)
    request: DescribeStackResourceDriftsInputTypeDef = {
        "StackName": stack,
        "StackResourceDriftStatusFilters": ["MODIFIED", "DELETED"],
    }
    found: list[Change] = []
    while True:
        answer = cloudformation.describe_stack_resource_drifts(**request)
        found += [_change(plan, resource) for resource in answer["StackResourceDrifts"]]
        if not answer.get("NextToken"):
            return found
        request["NextToken"] = answer["NextToken"]


def _change(plan: RegionPlan, found: StackResourceDriftTypeDef) -> Change:
    return Change(
        region=plan.region,
        resource=found["LogicalResourceId"],
        kind=found["ResourceType"],
        status=found["StackResourceDriftStatus"],
        properties=tuple(it["PropertyPath"] for it in found.get("PropertyDifferences", [])),
    )


def _wait(cloudformation: CloudFormationClient, detection: str, plan: RegionPlan) -> None:
    deadline = time.monotonic() + _LONGEST_SECONDS
    while True:
        status = cloudformation.describe_stack_drift_detection_status(
            StackDriftDetectionId=detection
        )
        if status["DetectionStatus"] == "DETECTION_COMPLETE":
            return
        if status["DetectionStatus"] == "DETECTION_FAILED":
            # AWS gives the resources that it could compare all the same
            say(f"{plan.region}: {status.get('DetectionStatusReason', 'some are not compared')}")
            return
        if time.monotonic() > deadline:
            raise CommandError(
                f"{plan.region}: CloudFormation still compares after {_LONGEST_SECONDS} s",
                next_step="run it again in some minutes",
            )
        time.sleep(_PAUSE_SECONDS)


def _complaint(plan: RegionPlan, found: Sequence[Change]) -> str:
    if all(change.is_rollback for change in found):
        return (
            f"{plan.region}: the alias was rolled back and is not where its template says"
            f"\nNext: deploy code that works: cdk deploy {plan.stack_name}"
        )
    return (
        f"{plan.region}: {len(found)} resources are not as their template says"
        "\nNext: undo it by hand, or write it into the deployment file and"
        f" cdk deploy {plan.stack_name}"
    )


def _record(change: Change) -> Record:
    return {
        "region": change.region,
        "resource": change.resource,
        "type": change.kind,
        "status": change.status,
        "properties": change.properties,
    }
