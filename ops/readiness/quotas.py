"""Service Quotas in one region: what is allowed, what was asked for, asking for more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from plan.quotas import API_RATE_QUOTA, LAMBDA_CONCURRENCY_QUOTA
from plan.region_plan import RegionPlan

if TYPE_CHECKING:
    from boto3.session import Session
    from mypy_boto3_service_quotas.type_defs import RequestedServiceQuotaChangeTypeDef


@dataclass(frozen=True, slots=True)
class QuotaName:
    """A quota as AWS knows it."""

    service: str
    code: str
    text: str


LAMBDA_CONCURRENCY = QuotaName("lambda", LAMBDA_CONCURRENCY_QUOTA, "Lambda concurrent executions")
API_RATE = QuotaName("apigateway", API_RATE_QUOTA, "API Gateway requests a second")

_OPEN = frozenset({"PENDING", "CASE_OPENED"})


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaRequest:
    """A request for more; `case` is AWS Support's number, empty before a case was opened."""

    identifier: str
    desired: int
    status: str
    case: str
    made: str

    @property
    def is_open(self) -> bool:
        """Whether AWS has not decided yet."""
        return self.status in _OPEN


def quotas_of(plan: RegionPlan) -> tuple[QuotaName, ...]:
    """Give the quotas that a region's traffic needs enough of."""
    return (LAMBDA_CONCURRENCY, API_RATE) if plan.https else (LAMBDA_CONCURRENCY,)


def applied_value(session: Session, quota: QuotaName) -> int:
    """Ask what the account is allowed in the session's region."""
    answer = session.client("service-quotas").get_service_quota(
        ServiceCode=quota.service, QuotaCode=quota.code
    )
    return int(answer["Quota"]["Value"])


def requests_of(session: Session, quota: QuotaName) -> list[QuotaRequest]:
    """List what was asked for in the session's region, newest first."""
    pages = session.client("service-quotas").get_paginator(
        "list_requested_service_quota_change_history_by_quota"
    )
    found = [
        _request(request)
        for page in pages.paginate(ServiceCode=quota.service, QuotaCode=quota.code)
        for request in page["RequestedQuotas"]
    ]
    return sorted(found, key=lambda request: request.made, reverse=True)


def ask(session: Session, quota: QuotaName, desired: int) -> QuotaRequest:
    """Ask for more; AWS opens a support case for what it does not grant by itself."""
    answer = session.client("service-quotas").request_service_quota_increase(
        ServiceCode=quota.service,
        QuotaCode=quota.code,
        DesiredValue=float(desired),
        SupportCaseAllowed=True,
    )
    return _request(answer["RequestedQuota"])


def _request(found: RequestedServiceQuotaChangeTypeDef) -> QuotaRequest:
    created = found.get("Created")
    return QuotaRequest(
        identifier=found["Id"],
        desired=int(found["DesiredValue"]),
        status=found["Status"],
        case=found.get("CaseId", ""),
        made=created.isoformat(timespec="seconds") if created else "",
    )
