"""The plan: what should exist in each region that the chosen pods live in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from plan import names
from plan.delivery import SPARE_RECEIVES, VISIBILITY_TIMEOUTS, WORKER_HANDLER
from plan.deployment import Accounts, Deployment
from plan.https import HTTPS_HANDLER
from plan.limits import Limits
from plan.mparticle import DOCUMENTED_ACCOUNTS, PODS, InvokingAccount, Pod
from plan.region_plan import DeliveryPlan, FunctionPlan, HttpsPlan, RegionPlan
from plan.reservation import fitted
from plan.rollout import ALL_AT_ONCE
from plan.target import Target


def regions(
    deployment: Deployment, target: Target, limits: Limits | None = None
) -> tuple[RegionPlan, ...]:
    """Plan every region of a deployment, in mParticle's order; pods of a region share its plan.

    What the measured `limits` do not allow is left out of it.
    """
    measured = limits.regions if limits else {}
    by_region: dict[str, list[Pod]] = {}
    for pod in PODS.values():
        if pod.name in deployment.pods:
            by_region.setdefault(pod.region, []).append(pod)
    planned = (
        RegionPlan(
            name=deployment.name,
            region=region,
            pods=tuple(pod.name for pod in pods),
            account=target.account or deployment.account,
            invoking_accounts=_invoking_accounts(pods, deployment.accounts),
            stack_name=names.stack_name(deployment.name, region),
            termination_protection=target.termination_protection,
            complete=target.complete,
            transports=deployment.transports,
            function=_function(deployment, target, region),
            https=_https(deployment, target, region),
            delivery=_delivery(deployment, target, region),
            rollout=deployment.rollout.strategy if target.complete else ALL_AT_ONCE,
            traffic=deployment.traffic,
            limits=None,
            left_out=(),
            alarms=deployment.alarms,
            tags=deployment.tags | {names.DEPLOYMENT_TAG: deployment.name},
        )
        for region, pods in by_region.items()
    )
    return tuple(fitted(plan, measured.get(plan.region)) for plan in planned)


def regions_elsewhere(deployment: Deployment, target: Target) -> tuple[RegionPlan, ...]:
    """Plan the regions of mParticle's that a deployment has no pod in, as if it had.

    A stack that runs there was planned once, and is the deployment's still.
    """
    planned = {PODS[name].region for name in deployment.pods}
    everywhere = deployment.model_copy(update={"pods": tuple(PODS)})
    return tuple(it for it in regions(everywhere, target) if it.region not in planned)


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
        reserved_concurrency=_reserved(function.reserved_concurrency),
        provisioned_concurrency=function.provisioned_concurrency,
        snap_start=(
            java_without_provisioned if function.snap_start is None else function.snap_start
        ),
        log_retention_days=deployment.logs.retention_days,
        log_sample=deployment.logs.sample,
        log_trace=deployment.logs.trace,
    )


def _https(deployment: Deployment, target: Target, region: str) -> HttpsPlan | None:
    if "https" not in deployment.transports:
        return None
    overrides = deployment.regions.get(region)
    function = _function(deployment, target, region)
    return HttpsPlan(
        function=replace(function, name="", handler=HTTPS_HANDLER),
        prefix=deployment.https.prefix,
        requests_per_second=deployment.https.requests_per_second,
        burst=deployment.https.burst,
        overflow_ms=deployment.https.overflow_ms,
        domain=overrides.domain if overrides else None,
    )


def _delivery(deployment: Deployment, target: Target, region: str) -> DeliveryPlan | None:
    if not deployment.has_queue:
        return None
    worker, queue = deployment.worker, deployment.queue
    least_visibility = VISIBILITY_TIMEOUTS * worker.timeout_seconds
    return DeliveryPlan(
        queued=deployment.queued,
        deduplicate=deployment.delivery.deduplicate,
        overflowing=deployment.overflowing,
        overflow_ms=deployment.processing.overflow_ms,
        worker=replace(
            _function(deployment, target, region),
            name=names.worker_name(deployment.name),
            handler=WORKER_HANDLER,
            memory_mb=worker.memory_mb,
            timeout_seconds=worker.timeout_seconds,
            reserved_concurrency=_reserved(worker.reserved_concurrency),
            provisioned_concurrency=0,
            snap_start=False,
        ),
        maximum_concurrency=worker.maximum_concurrency,
        parallel=worker.parallel,
        attempts=worker.attempts,
        batch_size=queue.batch_size,
        max_receives=queue.max_receives,
        redrive_receives=queue.max_receives + SPARE_RECEIVES,
        visibility_seconds=queue.visibility_seconds or least_visibility,
        retention_days=queue.retention_days,
        dead_letter_retention_days=queue.dead_letter_retention_days,
    )


def _reserved(reservation: int | str) -> int | None:
    return reservation if isinstance(reservation, int) else None
