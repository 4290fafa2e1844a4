"""What has to be true in a region before a deployment: credentials, bootstrap, names, stack."""

from __future__ import annotations

from collections.abc import Iterator

from ops.live.functions import LAMBDA_FUNCTION
from ops.live.region import LiveRegion
from ops.readiness.checks import ReadinessCheck, attention, failed, fine
from plan.rollout import ALL_AT_ONCE

MINIMUM_BOOTSTRAP_VERSION = 6
"""What the assembly of CDK's default synthesizer asks for (`requiresBootstrapStackVersion`)."""
_BOOTSTRAP_PARAMETER = "/cdk-bootstrap/hnb659fds/version"


def account_check(live: LiveRegion) -> ReadinessCheck:
    """Compare the account of the credentials with the deployment's, where it names one."""
    plan, account = live.plan, live.session.client("sts").get_caller_identity()["Account"]
    if plan.account in {None, account}:
        return fine(plan, "account", account)
    next_step = f"use credentials of account {plan.account} (AWS_PROFILE)"
    return failed(plan, "account", f"{account}, planned {plan.account}", next_step)


def enabled_check(live: LiveRegion) -> ReadinessCheck:
    """Ask whether the account has the region switched on."""
    plan, client = live.plan, live.session.client("account")
    try:
        status = client.get_region_opt_status(RegionName=plan.region)["RegionOptStatus"]
    except client.exceptions.ClientError as error:
        # that STS answered here shows that it is on; this call needs a right of its own
        return fine(plan, "region", f"it answers ({error.response['Error']['Code']})")
    found = status.lower().replace("_", " ")
    if status in {"ENABLED", "ENABLED_BY_DEFAULT"}:
        return fine(plan, "region", found)
    next_step = f"aws account enable-region --region-name {plan.region}"
    return failed(plan, "region", found, next_step)


def bootstrap_check(live: LiveRegion, account: str) -> ReadinessCheck:
    """Read the version of CDK's bootstrap stack."""
    plan, ssm = live.plan, live.session.client("ssm")
    try:
        version = int(ssm.get_parameter(Name=_BOOTSTRAP_PARAMETER)["Parameter"].get("Value", "0"))
    except ssm.exceptions.ParameterNotFound:
        version = 0
    if version >= MINIMUM_BOOTSTRAP_VERSION:
        return fine(plan, "bootstrap", f"version {version}")
    return failed(
        plan,
        "bootstrap",
        f"version {version}, needs {MINIMUM_BOOTSTRAP_VERSION}" if version else "not bootstrapped",
        f"cdk bootstrap aws://{account}/{plan.region}",
    )


def stack_check(live: LiveRegion) -> ReadinessCheck:
    """Look whether the stack can be deployed: it is missing, or at rest and not broken."""
    plan, stack = live.plan, live.found_stack
    if stack:
        rule = stack.rule
        found = f"{stack.status}: {rule.meaning}"
        if rule.may_deploy:
            return fine(plan, "stack", found)
        return failed(plan, "stack", found, rule.next_step)
    others = live.neighbours
    if not others:
        return fine(plan, "stack", "none yet: a first deployment")
    return attention(
        plan,
        "stack",
        f"none yet, but {' and '.join(it.name for it in others)} runs here",
        f'if you renamed the deployment, write name = "{others[0].deployment}"'
        " again, because another name is another ARN; if it is another one, go on",
    )


def rollout_check(live: LiveRegion) -> Iterator[ReadinessCheck]:
    """Look whether a gradual rollout could begin: one with a ringing alarm ends at once.

    docs.aws.amazon.com/codedeploy/latest/userguide/deployments-create-alarms.html.
    """
    plan = live.plan
    if plan.rollout == ALL_AT_ONCE:
        return
    ringing = [alarm.name for alarm in live.ringing if alarm.is_page]
    if not ringing:
        yield fine(plan, "rollout", f"{plan.rollout}: no alarm rings")
        return
    yield failed(
        plan,
        "rollout",
        f"{', '.join(ringing)} rings: CodeDeploy would stop {plan.rollout} at once",
        f"firehose rollback --region {plan.region}; or deploy the fix with"
        ' strategy = "all-at-once" under [rollout], and set it back',
    )


def queue_check(live: LiveRegion) -> Iterator[ReadinessCheck]:
    """Look whether a queue that the plan has no longer is empty: its worker would go as well."""
    plan = live.plan
    if plan.delivery or live.found_stack is None or live.depths is None:
        return
    waiting, dead = live.depths.undelivered, live.depths.dead
    if not waiting and not dead:
        yield fine(plan, "queue", "the queue that this deployment takes out of use is empty")
        return
    yield failed(
        plan,
        "queue",
        f"{waiting} messages wait and {dead} are dead letters in the queue"
        " that this deployment takes out of use",
        f"keep = true under [queue] until firehose status --region {plan.region} shows none;"
        f" dead letters: firehose redrive --region {plan.region}",
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
            yield fine(plan, "name", f"{name} is ours")
            continue
        try:
            lambda_.get_function_configuration(FunctionName=name)
        except lambda_.exceptions.ResourceNotFoundException:
            yield fine(plan, "name", f"{name} is free")
        else:
            yield failed(
                plan,
                "name",
                f"a function {name} exists outside {plan.stack_name}",
                "choose another name in the deployment file, or delete that function",
            )


def destination_checks(live: LiveRegion) -> Iterator[ReadinessCheck]:
    """Look whether the secrets are there that hold the URLs of alarms; none is read."""
    plan, secrets = live.plan, live.session.client("secretsmanager")
    for name in plan.alarms.secrets:
        try:
            secrets.describe_secret(SecretId=name)
        except secrets.exceptions.ResourceNotFoundException:
            yield failed(
                plan,
                "alarms",
                f"no secret {name}, which alarms.https names",
                f"aws secretsmanager create-secret --region {plan.region} --name {name}"
                " --secret-string file://FILE, with the URL alone in it",
            )
        else:
            yield fine(plan, "alarms", f"the secret {name} is there")
