"""Account limits and Service Quotas, which the embedded AWS has not: a small AWS on loopback.

Every answer is checked against botocore's model of the service before it is sent.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import botocore.session
from botocore.validate import ParamValidator

from tests.local.in_front import InFront, served

QUOTAS = {"L-B99A9384": ("lambda", 10.0), "L-8A5B8E43": ("apigateway", 10_000.0)}


class RefusalError(Exception):
    """An error of AWS's, by its code."""


@dataclass(slots=True)
class FakeAccount:
    """The account's state: limits and requests by region; `refuse` names codes by operation.

    Each time somebody looks at requests, the newest takes the next of `statuses`; one that is the
    name of an exception is answered instead.
    """

    concurrency: dict[str, int] = field(default_factory=dict)
    rates: dict[str, float] = field(default_factory=dict)
    requests: list[dict[str, Any]] = field(default_factory=list)
    refuse: dict[tuple[str, str], str] = field(default_factory=dict)
    statuses: list[str] = field(default_factory=list)
    url: str = ""

    def environment(self) -> dict[str, str]:
        """Give the variables that point the two services here."""
        return {"AWS_ENDPOINT_URL_LAMBDA": self.url, "AWS_ENDPOINT_URL_SERVICE_QUOTAS": self.url}

    def answer(self, operation: str, region: str, given: dict[str, Any]) -> dict[str, Any]:
        if code := self.refuse.get((operation, region)):
            raise RefusalError(code)
        answer: dict[str, Any] = getattr(self, f"_{_snake(operation)}")(region, given)
        service = "lambda" if operation == "GetAccountSettings" else "service-quotas"
        model = botocore.session.get_session().get_service_model(service)
        shape = model.operation_model(operation).output_shape
        assert shape
        report = ParamValidator().validate(answer, shape)
        assert not report.has_errors(), report.generate_report()
        return answer

    def _get_account_settings(self, region: str, _given: dict[str, Any]) -> dict[str, Any]:
        limit = self.concurrency.get(region, 10)
        return {
            "AccountLimit": {"ConcurrentExecutions": limit, "UnreservedConcurrentExecutions": limit}
        }

    def _get_service_quota(self, region: str, given: dict[str, Any]) -> dict[str, Any]:
        service, value = QUOTAS[given["QuotaCode"]]
        assert given["ServiceCode"] == service
        if service == "apigateway":
            value = self.rates.get(region, value)
        return {"Quota": {"ServiceCode": service, "QuotaCode": given["QuotaCode"], "Value": value}}

    def _list_requested_service_quota_change_history_by_quota(
        self, region: str, given: dict[str, Any]
    ) -> dict[str, Any]:
        if self.requests and self.statuses:
            status = self.statuses.pop(0)
            if status.endswith("Exception"):
                raise RefusalError(status)
            self.requests[-1]["Status"] = status
        found = [
            {key: value for key, value in request.items() if key != "region"}
            for request in self.requests
            if (request["region"], request["QuotaCode"]) == (region, given["QuotaCode"])
        ]
        return {"RequestedQuotas": found}

    def _request_service_quota_increase(self, region: str, given: dict[str, Any]) -> dict[str, Any]:
        made = {
            "Id": f"request-{len(self.requests) + 1}",
            "ServiceCode": given["ServiceCode"],
            "QuotaCode": given["QuotaCode"],
            "DesiredValue": given["DesiredValue"],
            "Status": "PENDING",
            "Created": datetime.now(UTC),
        }
        self.requests.append({**made, "region": region})
        return {"RequestedQuota": made}


@contextmanager
def fake_account(behind: str) -> Iterator[FakeAccount]:
    """Serve an account for the length of a block; what it does not know goes to `behind`."""
    account, target = FakeAccount(), behind

    class Handler(InFront):
        behind = target

        def take(self) -> None:
            content = self.body()
            _, service = self.scope()
            operation = self.operation(content) if service == "servicequotas" else None
            if self.path.startswith("/2016-08-19/account-settings"):
                self.answer("GetAccountSettings", {})
            elif operation:
                self.answer(operation, json.loads(content))
            else:
                self.pass_on(content)

        def answer(self, operation: str, given: dict[str, Any]) -> None:
            region, _ = self.scope()
            try:
                content = account.answer(operation, region, given)
            except RefusalError as refusal:
                error = {"__type": str(refusal), "message": "canary-text"}
                self.send(400, json.dumps(error).encode(), {"x-amzn-errortype": str(refusal)})
                return
            self.send(200, json.dumps(content, default=datetime.timestamp).encode(), {})

    with served(Handler) as account.url:
        yield account


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
