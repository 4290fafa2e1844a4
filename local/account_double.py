"""The account's limits and Service Quotas, which MiniStack does not have, region by region.

A request for more is granted when somebody looks at it again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from plan.quotas import (
    API_RATE_QUOTA,
    API_REQUESTS_PER_SECOND,
    DEFAULT_ACCOUNT_CONCURRENCY,
    LAMBDA_CONCURRENCY_QUOTA,
)

_SERVICES = {LAMBDA_CONCURRENCY_QUOTA: "lambda", API_RATE_QUOTA: "apigateway"}


class AccountRefusal(Exception):  # noqa: N818 - AWS's own word for an error is its code
    """An error of AWS's, by its code."""


@dataclass(slots=True)
class AccountDouble:
    """What the account may use, by region, and what it asked for; `concurrency` is Lambda's.

    `default_concurrency` holds where none is named.
    """

    concurrency: dict[str, int] = field(default_factory=dict)
    rates: dict[str, float] = field(default_factory=dict)
    requests: list[dict[str, Any]] = field(default_factory=list)
    default_concurrency: int = DEFAULT_ACCOUNT_CONCURRENCY

    def answer(self, operation: str, region: str, given: dict[str, Any]) -> dict[str, Any]:
        """Answer an operation of Service Quotas. Raises `AccountRefusal`."""
        answers = {
            "GetServiceQuota": self.get_service_quota,
            "ListRequestedServiceQuotaChangeHistoryByQuota": self.list_requests,
            "RequestServiceQuotaIncrease": self.request_increase,
        }
        if operation not in answers:
            raise AccountRefusal("UnknownOperationException")
        return answers[operation](region, given)

    def concurrency_in(self, region: str) -> int:
        """Give how many executions Lambda allows at once."""
        return self.concurrency.get(region, self.default_concurrency)

    def get_service_quota(self, region: str, given: dict[str, Any]) -> dict[str, Any]:
        """Give what is allowed now."""
        code = self._code(given)
        return {
            "Quota": {
                "ServiceCode": given["ServiceCode"],
                "QuotaCode": code,
                "Value": self._value(region, code),
            }
        }

    def list_requests(self, region: str, given: dict[str, Any]) -> dict[str, Any]:
        """List what was asked for, and grant it."""
        code = self._code(given)
        made = [it for it in self.requests if (it["region"], it["QuotaCode"]) == (region, code)]
        self.decide(made)
        return {"RequestedQuotas": [_without_region(it) for it in made]}

    def request_increase(self, region: str, given: dict[str, Any]) -> dict[str, Any]:
        """Take a request for more than there is."""
        code, desired = self._code(given), float(given["DesiredValue"])
        if desired <= self._value(region, code):
            raise AccountRefusal("IllegalArgumentException")
        made = {
            "region": region,
            "Id": f"request-{len(self.requests) + 1}",
            "ServiceCode": given["ServiceCode"],
            "QuotaCode": code,
            "DesiredValue": desired,
            "Status": "PENDING",
            "Created": datetime.now(UTC),
        }
        self.requests.append(made)
        return {"RequestedQuota": _without_region(made)}

    def decide(self, requests: list[dict[str, Any]]) -> None:
        """Grant what is open."""
        for request in requests:
            if request["Status"] == "PENDING":
                request["Status"] = "APPROVED"
                if request["QuotaCode"] == LAMBDA_CONCURRENCY_QUOTA:
                    self.concurrency[request["region"]] = int(request["DesiredValue"])
                else:
                    self.rates[request["region"]] = request["DesiredValue"]

    def _code(self, given: dict[str, Any]) -> str:
        code = str(given["QuotaCode"])
        if _SERVICES.get(code) != given["ServiceCode"]:
            raise AccountRefusal("NoSuchResourceException")
        return code

    def _value(self, region: str, code: str) -> float:
        if code == LAMBDA_CONCURRENCY_QUOTA:
            return float(self.concurrency_in(region))
        return float(self.rates.get(region, API_REQUESTS_PER_SECOND))


def _without_region(request: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in request.items() if key != "region"}


_SCOPE = re.compile(r"Credential=[^/]+/\d+/(?P<region>[^/]+)/(?P<service>[^/]+)/")


def scope_of(authorization: str) -> tuple[str, str]:
    """Say for which region and service a call was signed; empty words for one that was not."""
    found = _SCOPE.search(authorization)
    return (found["region"], found["service"]) if found else ("", "")
