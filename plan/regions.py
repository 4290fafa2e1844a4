"""The plan: what should exist in each region that the chosen pods live in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from plan import names
from plan.deployment import Accounts, Deployment
from plan.mparticle import DOCUMENTED_ACCOUNTS, PODS, InvokingAccount, Pod
from plan.target import Target
from plan.traffic import Traffic


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionPlan:
    """The function of one region.

    `package` is the folder or file that becomes its code. `integration` is `module:Class` for our
    own package and none for another artifact. `reserved_concurrency` is none where the function
    shares the account's pool.
    """

    name: str
    package: Path
    runtime: str
    handler: str
    integration: str | None
    environment: Mapping[str, str]
    architecture: str
    memory_mb: int
    timeout_seconds: int
    reserved_concurrency: int | None
    provisioned_concurrency: int
    snap_start: bool
    log_retention_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionPlan:
    """Everything in one AWS region: the pods it serves and the stack they share.

    `complete` is false for the embedded AWS, which cannot deploy every resource.
    """

    region: str
    pods: tuple[str, ...]
    account: str | None
    invoking_accounts: tuple[InvokingAccount, ...]
    stack_name: str
    termination_protection: bool
    complete: bool
    function: FunctionPlan
    traffic: Traffic
    alarm_email: str | None
    tags: Mapping[str, str]

    @property
    def unconfirmed_accounts(self) -> tuple[InvokingAccount, ...]:
        """The accounts whose use for Lambda still needs mParticle's word."""
        return tuple(account for account in self.invoking_accounts if not account.confirmed)


def regions(deployment: Deployment, target: Target) -> tuple[RegionPlan, ...]:
    """Plan every region of a deployment, in mParticle's order; pods of a region share its plan."""
    by_region: dict[str, list[Pod]] = {}
    for pod in PODS.values():
        if pod.name in deployment.pods:
            by_region.setdefault(pod.region, []).append(pod)
    return tuple(
        RegionPlan(
            region=region,
            pods=tuple(pod.name for pod in pods),
            account=target.account or deployment.account,
            invoking_accounts=_invoking_accounts(pods, deployment.accounts),
            stack_name=names.stack_name(deployment.name, region),
            termination_protection=target.termination_protection,
            complete=target.complete,
            function=_function(deployment, target, region),
            traffic=deployment.traffic,
            alarm_email=deployment.alarms.email,
            tags=deployment.tags,
        )
        for region, pods in by_region.items()
    )


def _invoking_accounts(
    pods: list[Pod], changes: Mapping[str, Accounts]
) -> tuple[InvokingAccount, ...]:
    granted: dict[str, InvokingAccount] = {}
    for pod in pods:
        change = changes.get(pod.name, Accounts())
        for account in (*DOCUMENTED_ACCOUNTS, pod.account, *_extra(pod, change)):
            known = granted.get(account.number, account)
            confirmed = known.confirmed or account.number in change.confirmed
            if account.number not in change.removed:
                granted[account.number] = replace(known, confirmed=confirmed)
    return tuple(granted.values())


def _extra(pod: Pod, change: Accounts) -> list[InvokingAccount]:
    source = f"{names.DEPLOYMENT_FILE}, accounts.{pod.name}.extra"
    return [InvokingAccount(number=n, source=source, confirmed=True) for n in change.extra]


def _function(deployment: Deployment, target: Target, region: str) -> FunctionPlan:
    code, function = deployment.code, deployment.function
    overrides = deployment.regions.get(region)
    java_without_provisioned = (
        code.runtime.startswith("java") and not function.provisioned_concurrency
    )
    return FunctionPlan(
        name=names.function_name(deployment.name),
        package=target.package if code.is_ours else Path(code.path),
        runtime=code.runtime,
        handler=code.handler,
        integration=code.integration if code.is_ours else None,
        environment=deployment.environment | (overrides.environment if overrides else {}),
        architecture=function.architecture,
        memory_mb=function.memory_mb,
        timeout_seconds=function.timeout_seconds,
        reserved_concurrency=(
            function.reserved_concurrency
            if isinstance(function.reserved_concurrency, int)
            else None
        ),
        provisioned_concurrency=function.provisioned_concurrency,
        snap_start=(
            java_without_provisioned if function.snap_start is None else function.snap_start
        ),
        log_retention_days=deployment.logs.retention_days,
    )
