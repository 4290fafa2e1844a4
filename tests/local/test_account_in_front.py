"""The account in front of MiniStack: what it answers itself, and what it leaves alone."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import botocore.session
import pytest
from botocore.validate import ParamValidator

from local.account_double import AccountDouble
from local.account_in_front import AsgiMessage, Receive, Send, with_account
from plan.quotas import API_RATE_QUOTA, LAMBDA_CONCURRENCY_QUOTA

REGION = "eu-central-1"
LAMBDA = {"ServiceCode": "lambda", "QuotaCode": LAMBDA_CONCURRENCY_QUOTA}
API = {"ServiceCode": "apigateway", "QuotaCode": API_RATE_QUOTA}
LIST = "ListRequestedServiceQuotaChangeHistoryByQuota"
REQUEST = "RequestServiceQuotaIncrease"


async def ministack(scope: AsgiMessage, _receive: Receive, send: Send) -> None:
    """Answer as MiniStack does where 100 of 573 are reserved."""
    limit = {"ConcurrentExecutions": 573, "UnreservedConcurrentExecutions": 473}
    body = json.dumps({"AccountLimit": limit, "path": scope["path"]}).encode()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body[:9], "more_body": True})
    await send({"type": "http.response.body", "body": body[9:]})


class Client:
    """Calls it as an AWS SDK does."""

    def __init__(self) -> None:
        self._app = with_account(ministack, AccountDouble())

    def call(self, service: str, path: str, target: str = "", given: object = None) -> Any:
        scope = {
            "type": "http",
            "path": path,
            "headers": [
                (
                    b"Authorization",
                    f"AWS4 Credential=test/20261127/{REGION}/{service}/aws4_request".encode(),
                ),
                (b"X-Amz-Target", target.encode()),
            ],
        }
        sent: list[AsgiMessage] = []

        async def receive() -> AsgiMessage:
            return {"type": "http.request", "body": json.dumps(given).encode()}

        async def send(message: AsgiMessage) -> None:
            sent.append(message)

        async def call() -> None:
            await self._app(scope, receive, send)

        asyncio.run(call())
        status = next(it["status"] for it in sent if "status" in it)
        return status, json.loads(b"".join(it.get("body", b"") for it in sent))

    def quotas(self, operation: str, given: dict[str, Any]) -> Any:
        target = f"ServiceQuotasV20190624.{operation}"
        status, content = self.call("servicequotas", "/", target, given)
        if status == 200:
            model = botocore.session.get_session().get_service_model("service-quotas")
            shape = model.operation_model(operation).output_shape
            assert shape
            report = ParamValidator().validate(content, shape)
            assert not report.has_errors(), report.generate_report()
        return status, content

    def limit(self) -> dict[str, int]:
        _, content = self.call("lambda", "/2016-08-19/account-settings")
        limit: dict[str, int] = content["AccountLimit"]
        return limit


def test_what_is_about_no_limit_reaches_ministack() -> None:
    assert Client().call("lambda", "/2015-03-31/functions")[1]["path"] == "/2015-03-31/functions"


def test_limit_is_an_accounts_and_what_is_reserved_stays_so() -> None:
    assert Client().limit() == {
        "ConcurrentExecutions": 1_000,
        "UnreservedConcurrentExecutions": 900,
    }


def test_request_is_granted_when_somebody_looks_at_it_again() -> None:
    client = Client()

    _, made = client.quotas(REQUEST, {**LAMBDA, "DesiredValue": 2_700})
    before = client.limit()["ConcurrentExecutions"]
    _, seen = client.quotas(LIST, LAMBDA)

    assert made["RequestedQuota"]["Status"] == "PENDING"
    assert before == 1_000
    assert [it["Status"] for it in seen["RequestedQuotas"]] == ["APPROVED"]
    assert client.limit()["ConcurrentExecutions"] == 2_700
    assert client.quotas("GetServiceQuota", LAMBDA)[1]["Quota"]["Value"] == 2_700


def test_each_quota_has_its_own_requests() -> None:
    client = Client()
    client.quotas(REQUEST, {**API, "DesiredValue": 12_500})

    assert client.quotas(LIST, LAMBDA)[1]["RequestedQuotas"] == []
    assert len(client.quotas(LIST, API)[1]["RequestedQuotas"]) == 1
    assert client.quotas("GetServiceQuota", API)[1]["Quota"]["Value"] == 12_500


@pytest.mark.parametrize(
    ("operation", "given", "code"),
    [
        (REQUEST, {**LAMBDA, "DesiredValue": 1_000}, "IllegalArgumentException"),
        ("GetServiceQuota", {**LAMBDA, "ServiceCode": "ec2"}, "NoSuchResourceException"),
        ("GetServiceQuota", {**LAMBDA, "QuotaCode": "L-1"}, "NoSuchResourceException"),
        ("ListServices", LAMBDA, "UnknownOperationException"),
    ],
)
def test_what_aws_would_refuse_is_refused(operation: str, given: dict[str, Any], code: str) -> None:
    status, content = Client().quotas(operation, given)

    assert (status, content["__type"]) == (400, code)
