"""What has to be true in a region before a deployment: credentials, bootstrap, names, stack."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from console.exit_codes import CommandError
from ops.live.stack import Resources, resources_of
from ops.readiness.checks import ReadinessCheck, ReadinessState
from plan.region_plan import RegionPlan

if TYPE_CHECKING:
    from boto3.session import Session

MINIMUM_BOOTSTRAP_VERSION = 6
"""What the assembly of CDK's default synthesizer asks for (`requiresBootstrapStackVersion`)."""
_BOOTSTRAP_PARAMETER = "/cdk-bootstrap/hnb659fds/version"
LAMBDA_FUNCTION = "AWS::Lambda::Function"


def account_check(session: Session, plan: RegionPlan) -> ReadinessCheck:
    """Compare the account of the credentials with the deployment's, where it names one."""
    account = session.client("sts").get_caller_identity()["Account"]
    wrong = plan.account is not None and plan.account != account
    return ReadinessCheck(
        region=plan.region,
        name="account",
        state=ReadinessState.FAILED if wrong else ReadinessState.OK,
        found=f"{account}, planned {plan.account}" if wrong else account,
        next_step=f"use credentials of account {plan.account} (AWS_PROFILE)" if wrong else "",
        stops_deploy=wrong,
    )


def enabled_check(session: Session, plan: RegionPlan) -> ReadinessCheck:
    """Ask whether the account has the region switched on."""
    from botocore.exceptions import ClientError  # noqa: PLC0415 - see cloud.regions

    try:
        answer = session.client("account").get_region_opt_status(RegionName=plan.region)
    except ClientError as error:
        # that STS answered here shows that it is on; this call needs a right of its own
        code = error.response["Error"]["Code"]
        return ReadinessCheck(
            region=plan.region, name="region", state=ReadinessState.OK, found=f"it answers ({code})"
        )
    status = answer["RegionOptStatus"]
    on = status in {"ENABLED", "ENABLED_BY_DEFAULT"}
    return ReadinessCheck(
        region=plan.region,
        name="region",
        state=ReadinessState.OK if on else ReadinessState.FAILED,
        found=status.lower().replace("_", " "),
        next_step="" if on else f"aws account enable-region --region-name {plan.region}",
        stops_deploy=not on,
    )


def bootstrap_check(session: Session, plan: RegionPlan, account: str) -> ReadinessCheck:
    """Read the version of CDK's bootstrap stack."""
    ssm = session.client("ssm")
    try:
        value = ssm.get_parameter(Name=_BOOTSTRAP_PARAMETER)["Parameter"].get("Value", "0")
        version, found = int(value), f"version {value}"
    except ssm.exceptions.ParameterNotFound:
        version, found = 0, "not bootstrapped"
    old = version < MINIMUM_BOOTSTRAP_VERSION
    return ReadinessCheck(
        region=plan.region,
        name="bootstrap",
        state=ReadinessState.FAILED if old else ReadinessState.OK,
        found=f"{found}, needs {MINIMUM_BOOTSTRAP_VERSION}" if version and old else found,
        next_step=f"cdk bootstrap aws://{account}/{plan.region}" if old else "",
        stops_deploy=old,
    )


def stack_check(session: Session, plan: RegionPlan) -> ReadinessCheck:
    """Look whether the stack can be deployed: it is missing, or at rest and not broken."""
    from botocore.exceptions import ClientError  # noqa: PLC0415 - see cloud.regions

    try:
        answer = session.client("cloudformation").describe_stacks(StackName=plan.stack_name)
    except ClientError as error:
        if "does not exist" not in str(error):
            raise
        return ReadinessCheck(
            region=plan.region,
            name="stack",
            state=ReadinessState.OK,
            found="none yet: a first deployment",
        )
    status = answer["Stacks"][0]["StackStatus"]
    next_step = _stack_next_step(plan, status)
    return ReadinessCheck(
        region=plan.region,
        name="stack",
        state=ReadinessState.FAILED if next_step else ReadinessState.OK,
        found=status,
        next_step=next_step,
        stops_deploy=bool(next_step),
    )


def _stack_next_step(plan: RegionPlan, status: str) -> str:
    aws = f"--stack-name {plan.stack_name} --region {plan.region}"
    if status.endswith("_IN_PROGRESS"):
        return "somebody deploys it now: wait, then run it again"
    if status in {"ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_FAILED", "CREATE_FAILED"}:
        return f"aws cloudformation delete-stack {aws}"
    if status == "UPDATE_ROLLBACK_FAILED":
        return f"aws cloudformation continue-update-rollback {aws}"
    return ""


def own_functions(session: Session, plan: RegionPlan) -> Resources:
    """List what exists of the stack by type; nothing where there is no stack yet."""
    try:
        return resources_of(session, plan)
    except CommandError:
        return {}


def name_checks(session: Session, plan: RegionPlan, own: Resources) -> Iterator[ReadinessCheck]:
    """Look whether the functions' names are free, or taken by this very stack."""
    lambda_ = session.client("lambda")
    names = [plan.function.name] if "lambda" in plan.transports else []
    for name in [*names, *([plan.delivery.worker.name] if plan.delivery else [])]:
        if name in own.get(LAMBDA_FUNCTION, ()):
            yield ReadinessCheck(
                region=plan.region, name="name", state=ReadinessState.OK, found=f"{name} is ours"
            )
            continue
        try:
            lambda_.get_function_configuration(FunctionName=name)
        except lambda_.exceptions.ResourceNotFoundException:
            yield ReadinessCheck(
                region=plan.region, name="name", state=ReadinessState.OK, found=f"{name} is free"
            )
        else:
            yield ReadinessCheck(
                region=plan.region,
                name="name",
                state=ReadinessState.FAILED,
                found=f"a function {name} exists outside {plan.stack_name}",
                next_step="choose another name in the deployment file, or delete that function",
                stops_deploy=True,
            )
