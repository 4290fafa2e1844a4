"""A region's stack as CloudFormation tells it: its status, its outputs, what is in it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cloud.stack_status import StackStatusRule, rule_of
from console.exit_codes import CommandError, ExitCode
from plan.names import DEPLOYMENT_TAG, FUNCTION_ARN_OUTPUT
from plan.region_plan import RegionPlan

if TYPE_CHECKING:
    from boto3.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class DeployedStack:
    """One stack, by one call. `outputs` is empty where CloudFormation has none, as half-way."""

    plan: RegionPlan
    identifier: str
    status: str
    outputs: Mapping[str, str]
    is_protected: bool

    @property
    def rule(self) -> StackStatusRule:
        """What its status means and what may be done."""
        return rule_of(self.status, stack=self.plan.stack_name, region=self.plan.region)

    def output(self, name: str) -> str:
        """Give an output. Raises `CommandError` with exit code 4 when there is none."""
        if name in self.outputs:
            return self.outputs[name]
        missing = "ARN" if name == FUNCTION_ARN_OUTPUT else name
        raise not_deployed(
            self.plan, f"the stack is {self.status} and has no {missing}", rule=self.rule
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StackResource:
    """One resource that exists: its logical and its physical id, and CloudFormation's type."""

    logical_id: str
    physical_id: str
    kind: str

    @property
    def construct(self) -> str:
        """The constructs' names that make the logical id, without the hash that the CDK adds."""
        return re.sub(r"[0-9A-F]{8}$", "", self.logical_id)


def read_stack(session: Session, plan: RegionPlan) -> DeployedStack | None:
    """Read a region's stack; none where there is none."""
    cloudformation = session.client("cloudformation")
    try:
        answer = cloudformation.describe_stacks(StackName=plan.stack_name)
    except cloudformation.exceptions.ClientError as error:
        if "does not exist" not in str(error):
            raise
        return None
    stack = answer["Stacks"][0]
    return DeployedStack(
        plan=plan,
        identifier=stack.get("StackId", plan.stack_name),
        status=stack["StackStatus"],
        outputs={it["OutputKey"]: it["OutputValue"] for it in stack.get("Outputs", [])},
        is_protected=stack.get("EnableTerminationProtection", False),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TaggedStack:
    """A stack of a deployment, ours or another one, by the tag that every one has."""

    name: str
    deployment: str


def tagged_stacks(session: Session) -> tuple[TaggedStack, ...]:
    """Find the stacks of every deployment in a region; none where the credentials may not look."""
    cloudformation = session.client("cloudformation")
    try:
        pages = list(cloudformation.get_paginator("describe_stacks").paginate())
    except cloudformation.exceptions.ClientError as error:
        # a role may be let see this deployment's stacks alone
        if not error.response["Error"]["Code"].startswith("AccessDenied"):
            raise
        return ()
    return tuple(
        TaggedStack(name=stack["StackName"], deployment=tag["Value"])
        for page in pages
        for stack in page["Stacks"]
        for tag in stack.get("Tags", ())
        if tag["Key"] == DEPLOYMENT_TAG
    )


def deployed_stack(session: Session, plan: RegionPlan) -> DeployedStack:
    """Read a region's stack. Raises `CommandError` with exit code 4 when there is none."""
    stack = read_stack(session, plan)
    if stack is None:
        raise not_deployed(plan, "the stack does not exist")
    return stack


def read_resources(session: Session, stack: DeployedStack) -> Sequence[StackResource]:
    """List what exists of a stack."""
    pages = session.client("cloudformation").get_paginator("list_stack_resources")
    return tuple(
        StackResource(
            logical_id=found["LogicalResourceId"],
            physical_id=found["PhysicalResourceId"],
            kind=found["ResourceType"],
        )
        for page in pages.paginate(StackName=stack.plan.stack_name)
        for found in page["StackResourceSummaries"]
        if found.get("PhysicalResourceId") and found["ResourceStatus"] != "DELETE_COMPLETE"
    )


def not_deployed(
    plan: RegionPlan, reason: str, *, rule: StackStatusRule | None = None
) -> CommandError:
    """Make the error of a region whose stack is missing or not whole, for a reason."""
    deploy = f"cdk deploy {plan.stack_name}"
    mend = f"{rule.next_step}; then " if rule and rule.next_step else ""
    return CommandError(
        f"{plan.region}: {plan.stack_name}: {reason}",
        next_step=f"{mend}{deploy}",
        exit_code=ExitCode.NOT_DEPLOYED,
    )
