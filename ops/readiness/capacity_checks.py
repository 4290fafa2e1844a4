"""Whether AWS allows a region what its traffic and mParticle ask for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ops.readiness.checks import ReadinessCheck, ReadinessState
from ops.readiness.quotas import API_RATE, LAMBDA_CONCURRENCY, QuotaName, applied_value, requests_of
from plan.capacity import capacity_of
from plan.limits import RegionLimits
from plan.mparticle import MINIMUM_CONCURRENCY
from plan.quotas import UNRESERVED_FLOOR
from plan.region_plan import RegionPlan

if TYPE_CHECKING:
    from boto3.session import Session


@dataclass(frozen=True, slots=True)
class ConcurrencyNeed:
    """A quota, what the account needs of it, and what it has."""

    quota: QuotaName
    needed: int
    applied: int

    @property
    def is_met(self) -> bool:
        """Whether nothing has to be asked for."""
        return self.applied >= self.needed


def needs_of(session: Session, plan: RegionPlan) -> list[ConcurrencyNeed]:
    """Compare a region's needs with what AWS allows now. Lambda itself is asked, not its quota."""
    capacity = capacity_of(plan)
    limit = session.client("lambda").get_account_settings()["AccountLimit"]
    needs = [
        ConcurrencyNeed(LAMBDA_CONCURRENCY, capacity.account, limit.get("ConcurrentExecutions", 0))
    ]
    if capacity.needed_api_rps is not None:
        needs.append(
            ConcurrencyNeed(API_RATE, capacity.needed_api_rps, applied_value(session, API_RATE))
        )
    return needs


def concurrency_checks(plan: RegionPlan, limits: RegionLimits) -> Iterator[ReadinessCheck]:
    """Judge the measured limit; `plan` is fitted to it already."""
    least = MINIMUM_CONCURRENCY + UNRESERVED_FLOOR
    enough = limits.concurrent_executions >= least
    request = f"firehose quota request --region {plan.region}"
    yield ReadinessCheck(
        region=plan.region,
        name="concurrency",
        state=ReadinessState.OK if enough else ReadinessState.FAILED,
        found=f"{limits.concurrent_executions:,} executions at once"
        + ("" if enough else f"; mParticle's {MINIMUM_CONCURRENCY:,} need {least:,}"),
        next_step="" if enough else request,
    )
    for left_out in plan.left_out:
        yield ReadinessCheck(
            region=plan.region,
            name="reservation",
            state=ReadinessState.ATTENTION,
            found=f"{left_out.setting} = {left_out.wanted:,} of the {left_out.of} is left out:"
            f" AWS would accept {max(0, left_out.room):,}",
            next_step=f"{request}, then preflight and deploy again once AWS has raised the limit",
        )
    if not plan.left_out:
        yield ReadinessCheck(
            region=plan.region,
            name="reservation",
            state=ReadinessState.OK,
            found=f"fits: {max(0, limits.room):,} may be reserved",
        )


def quota_checks(session: Session, plan: RegionPlan) -> Iterator[ReadinessCheck]:
    """Compare each quota with the traffic's need, and look for requests that are open."""
    from botocore.exceptions import ClientError  # noqa: PLC0415 - see cloud.regions

    try:
        for need in needs_of(session, plan):
            yield _quota_check(session, plan, need)
    except ClientError as error:
        yield ReadinessCheck(
            region=plan.region,
            name="quota",
            state=ReadinessState.ATTENTION,
            found=f"{error.operation_name}: {error.response['Error']['Code']}",
            next_step=f"let the credentials call servicequotas:{error.operation_name}",
        )


def _quota_check(session: Session, plan: RegionPlan, need: ConcurrencyNeed) -> ReadinessCheck:
    found = f"{need.quota.text}: {need.applied:,} of {need.needed:,} for the traffic"
    if need.is_met:
        return ReadinessCheck(
            region=plan.region, name="quota", state=ReadinessState.OK, found=found
        )
    waiting = [it for it in requests_of(session, need.quota) if it.is_open]
    if waiting:
        case = f", case {waiting[0].case}" if waiting[0].case else ""
        return ReadinessCheck(
            region=plan.region,
            name="quota",
            state=ReadinessState.ATTENTION,
            found=f"{found}; {waiting[0].desired:,} asked for, {waiting[0].status}{case}",
            next_step=f"firehose quota status --region {plan.region}",
        )
    return ReadinessCheck(
        region=plan.region,
        name="quota",
        state=ReadinessState.ATTENTION,
        found=found,
        next_step=f"firehose quota request --region {plan.region}",
    )


def grant_checks(plan: RegionPlan) -> Iterator[ReadinessCheck]:
    """Name the grants that mParticle has not confirmed."""
    if not plan.invoked:
        return
    for account in plan.unconfirmed_accounts:
        yield ReadinessCheck(
            region=plan.region,
            name="grant",
            state=ReadinessState.ATTENTION,
            found=f"{account.number} is documented elsewhere only: {account.source}",
            next_step=f"ask mParticle, then write it to accounts.{plan.pods[-1]}.confirmed",
        )
    if not plan.unconfirmed_accounts:
        number = len(plan.invoking_accounts)
        yield ReadinessCheck(
            region=plan.region,
            name="grant",
            state=ReadinessState.OK,
            found=f"{number} accounts, all confirmed",
        )
