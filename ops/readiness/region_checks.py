"""What has to be true in a region before a deployment: credentials, bootstrap, names, stack."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ops.live.functions import LAMBDA_FUNCTION
from ops.live.region import LiveRegion
from ops.readiness.checks import ReadinessCheck, ReadinessState
from plan.region_plan import RegionPlan
from plan.rollout import ALL_AT_ONCE

if TYPE_CHECKING:
    from boto3.session import Session

MINIMUM_BOOTSTRAP_VERSION = 6
"""What the assembly of CDK's default synthesizer asks for (`requiresBootstrapStackVersion`)."""
_BOOTSTRAP_PARAMETER = "/cdk-bootstrap/hnb659fds/version"


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


def stack_check(live: LiveRegion) -> ReadinessCheck:
    """Look whether the stack can be deployed: it is missing, or at rest and not broken."""
    stack = live.found_stack
    if stack is None:
        others = live.neighbours
        return ReadinessCheck(
            region=live.plan.region,
            name="stack",
            state=ReadinessState.ATTENTION if others else ReadinessState.OK,
            found=f"none yet, but {' and '.join(it.name for it in others)} runs here"
            if others
            else "none yet: a first deployment",
            next_step=f'if you renamed the deployment, write name = "{others[0].deployment}"'
            " again, because another name is another ARN; if it is another one, go on"
            if others
            else "",
        )
    stops = not stack.rule.may_deploy
    return ReadinessCheck(
        region=live.plan.region,
        name="stack",
        state=ReadinessState.FAILED if stops else ReadinessState.OK,
        found=f"{stack.status}: {stack.rule.meaning}",
        next_step=stack.rule.next_step,
        stops_deploy=stops,
    )


def rollout_check(live: LiveRegion) -> Iterator[ReadinessCheck]:
    """Look whether a gradual rollout could begin: one with a ringing alarm ends at once.

    docs.aws.amazon.com/codedeploy/latest/userguide/deployments-create-alarms.html.
    """
    plan = live.plan
    if plan.rollout == ALL_AT_ONCE:
        return
    ringing = [alarm.name for alarm in live.ringing if alarm.is_page]
    yield ReadinessCheck(
        region=plan.region,
        name="rollout",
        state=ReadinessState.FAILED if ringing else ReadinessState.OK,
        found=f"{', '.join(ringing)} rings: CodeDeploy would stop {plan.rollout} at once"
        if ringing
        else f"{plan.rollout}: no alarm rings",
        next_step=f"firehose rollback --region {plan.region}; or deploy the fix with"
        ' strategy = "all-at-once" under [rollout], and set it back'
        if ringing
        else "",
        stops_deploy=bool(ringing),
    )


def queue_check(live: LiveRegion) -> Iterator[ReadinessCheck]:
    """Look whether a queue that the plan has no longer is empty: its worker would go as well."""
    if live.plan.delivery or live.found_stack is None or live.depths is None:
        return
    depths, region = live.depths, live.plan.region
    waits = depths.undelivered + depths.dead
    yield ReadinessCheck(
        region=region,
        name="queue",
        state=ReadinessState.FAILED if waits else ReadinessState.OK,
        found=f"{depths.undelivered} messages wait and {depths.dead} are dead letters in the queue"
        " that this deployment takes out of use"
        if waits
        else "the queue that this deployment takes out of use is empty",
        next_step=f"keep = true under [queue] until firehose status --region {region} shows none;"
        f" dead letters: firehose redrive --region {region}"
        if waits
        else "",
        stops_deploy=bool(waits),
    )


def own_functions(live: LiveRegion) -> list[str]:
    """Name the stack's functions that exist; none where there is no stack yet."""
    return [it.physical_id for it in live.resources if it.kind == LAMBDA_FUNCTION]


def name_checks(live: LiveRegion) -> Iterator[ReadinessCheck]:
    """Look whether the functions' names are free, or taken by this very stack."""
    plan, lambda_ = live.plan, live.session.client("lambda")
    own = own_functions(live)
    for name in [function.name for function in plan.functions if function.name]:
        if name in own:
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


def destination_checks(session: Session, plan: RegionPlan) -> Iterator[ReadinessCheck]:
    """Look whether the secrets are there that hold the URLs of alarms; none is read."""
    secrets = session.client("secretsmanager")
    for name in plan.alarms.secrets:
        try:
            secrets.describe_secret(SecretId=name)
        except secrets.exceptions.ResourceNotFoundException:
            yield ReadinessCheck(
                region=plan.region,
                name="alarms",
                state=ReadinessState.FAILED,
                found=f"no secret {name}, which alarms.https names",
                next_step=f"aws secretsmanager create-secret --region {plan.region} --name {name}"
                " --secret-string file://FILE, with the URL alone in it",
                stops_deploy=True,
            )
        else:
            yield ReadinessCheck(
                region=plan.region,
                name="alarms",
                state=ReadinessState.OK,
                found=f"the secret {name} is there",
            )
