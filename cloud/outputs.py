"""What is live in a region, as AWS tells it: the ARN, who may invoke it, its size."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from console.exit_codes import CommandError, ExitCode
from plan.names import ALIAS, FUNCTION_ARN_OUTPUT
from plan.region_plan import RegionPlan

if TYPE_CHECKING:
    from boto3.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class DeployedEndpoint:
    """One region's endpoint; `accounts` are those that its alias lets in.

    `reserved_concurrency` is none where the function shares the account's pool.
    """

    arn: str
    accounts: tuple[str, ...]
    memory_mb: int
    reserved_concurrency: int | None


def function_arn(session: Session, plan: RegionPlan) -> str:
    """Read the ARN that mParticle is given from the region's stack.

    Raises `CommandError` with exit code 4 when the stack or its output is missing.
    """
    return read_output(session, plan, FUNCTION_ARN_OUTPUT)


def read_output(session: Session, plan: RegionPlan, name: str) -> str:
    """Read one output of the region's stack. Raises as `function_arn` does."""
    from botocore.exceptions import ClientError  # noqa: PLC0415 - see cloud.regions

    try:
        stacks = session.client("cloudformation").describe_stacks(StackName=plan.stack_name)
    except ClientError as error:
        if "does not exist" not in str(error):
            raise
        raise not_deployed(plan, "the stack does not exist") from None
    stack = stacks["Stacks"][0]
    for output in stack.get("Outputs", []):
        if output["OutputKey"] == name:
            return output["OutputValue"]
    missing = "ARN" if name == FUNCTION_ARN_OUTPUT else name
    raise not_deployed(
        plan,
        f"the stack is {stack['StackStatus']} and has no {missing}",
        is_whole=stack["StackStatus"] in {"CREATE_COMPLETE", "UPDATE_COMPLETE"},
    )


def read_endpoint(session: Session, plan: RegionPlan) -> DeployedEndpoint:
    """Read everything about a region's endpoint. Raises as `function_arn` does."""
    arn = function_arn(session, plan)
    lambda_ = session.client("lambda")
    function = lambda_.get_function(FunctionName=arn)
    try:
        policy = json.loads(
            lambda_.get_policy(FunctionName=plan.function.name, Qualifier=ALIAS)["Policy"]
        )
    except lambda_.exceptions.ResourceNotFoundException:
        policy = {"Statement": []}  # an alias without a policy has none to read: nobody may invoke
    concurrency = lambda_.get_function_concurrency(FunctionName=plan.function.name)
    return DeployedEndpoint(
        arn=arn,
        accounts=tuple(account_of(statement) for statement in policy["Statement"]),
        memory_mb=function["Configuration"]["MemorySize"],
        reserved_concurrency=concurrency.get("ReservedConcurrentExecutions"),
    )


def account_of(statement: dict[str, Any]) -> str:
    """Give the account number of a statement's principal; AWS turns a number into a root ARN."""
    principal = statement["Principal"]
    name = principal["AWS"] if isinstance(principal, dict) and "AWS" in principal else principal
    return name.split(":")[4] if isinstance(name, str) and name.startswith("arn:") else str(name)


def not_deployed(plan: RegionPlan, reason: str, *, is_whole: bool = True) -> CommandError:
    """Make the error of a region whose stack is missing or not whole, for a reason.

    Where CloudFormation left the stack half-way, `preflight` knows what it waits for.
    """
    deploy = f"cdk deploy {plan.stack_name}"
    mend = f"firehose preflight --region {plan.region} tells what to do about the stack; then "
    return CommandError(
        f"{plan.region}: {plan.stack_name}: {reason}",
        next_step=deploy if is_whole else f"{mend}{deploy}",
        exit_code=ExitCode.NOT_DEPLOYED,
    )
