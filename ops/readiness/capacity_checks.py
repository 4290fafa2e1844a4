"""Whether AWS allows a region what its traffic and mParticle ask for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ops.readiness.checks import ReadinessCheck, attention, failed, fine
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
    found = f"{limits.concurrent_executions:,} executions at once"
    request = f"firehose quota request --region {plan.region}"
    if limits.concurrent_executions >= least:
        yield fine(plan, "concurrency", found)
    else:
        found += f"; mParticle's {MINIMUM_CONCURRENCY:,} need {least:,}"
        yield failed(plan, "concurrency", found, request, stops_deploy=False)
    for left_out in plan.left_out:
        yield attention(
            plan,
            "reservation",
            f"{left_out.setting} = {left_out.wanted:,} of the {left_out.of} is left out:"
            f" AWS would accept {max(0, left_out.room):,}",
            f"{request}, then preflight and deploy again once AWS has raised the limit",
        )
    if not plan.left_out:
        yield fine(plan, "reservation", f"fits: {max(0, limits.room):,} may be reserved")


def quota_checks(session: Session, plan: RegionPlan) -> Iterator[ReadinessCheck]:
    """Compare each quota with the traffic's need, and look for requests that are open."""
    from botocore.exceptions import ClientError  # noqa: PLC0415 - see cloud.regions

    try:
        for need in needs_of(session, plan):
            yield _quota_check(session, plan, need)
    except ClientError as error:
        yield attention(
            plan,
            "quota",
            f"{error.operation_name}: {error.response['Error']['Code']}",
            f"let the credentials call servicequotas:{error.operation_name}",
        )


def _quota_check(session: Session, plan: RegionPlan, need: ConcurrencyNeed) -> ReadinessCheck:
    found = f"{need.quota.text}: {need.applied:,} of {need.needed:,} for the traffic"
    if need.is_met:
        return fine(plan, "quota", found)
    waiting = next((it for it in requests_of(session, need.quota) if it.is_open), None)
    if waiting is None:
        return attention(plan, "quota", found, f"firehose quota request --region {plan.region}")
    case = f", case {waiting.case}" if waiting.case else ""
    return attention(
        plan,
        "quota",
        f"{found}; {waiting.desired:,} asked for, {waiting.status}{case}",
        f"firehose quota status --region {plan.region}",
    )


def grant_checks(plan: RegionPlan) -> Iterator[ReadinessCheck]:
    """Name the grants that mParticle has not confirmed."""
    if not plan.invoked:
        return
    for account in plan.unconfirmed_accounts:
        yield attention(
            plan,
            "grant",
            f"{account.number} is documented elsewhere only: {account.source}",
            f"ask mParticle, then write it to accounts.{plan.pods[-1]}.confirmed",
        )
    if not plan.unconfirmed_accounts:
        yield fine(plan, "grant", f"{len(plan.invoking_accounts)} accounts, all confirmed")
