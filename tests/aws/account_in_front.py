"""The embedded AWS's account, steered by a test: a small AWS on loopback, one for each test.

Every answer of Service Quotas is checked against botocore's model before it is sent.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from local.account_double import AccountDouble, AccountRefusal
from local.loopback_server import LoopbackServer
from tests.aws.checked_client import model
from tests.aws.in_front import InFront
from tests.aws.service import hold


@dataclass(slots=True)
class FakeAccount(AccountDouble):
    """The double of the embedded AWS as a test wants it; `refuse` names codes by operation.

    Each time somebody looks at requests, the newest takes the next of `statuses`; one that is the
    name of an exception is answered instead. Nothing else is decided.
    """

    default_concurrency: int = 10
    refuse: dict[tuple[str, str], str] = field(default_factory=dict)
    statuses: list[str] = field(default_factory=list)
    url: str = ""

    def environment(self) -> dict[str, str]:
        """Give the variables that point the two services here."""
        return {"AWS_ENDPOINT_URL_LAMBDA": self.url, "AWS_ENDPOINT_URL_SERVICE_QUOTAS": self.url}

    def answer(self, operation: str, region: str, given: dict[str, Any]) -> dict[str, Any]:
        if code := self.refuse.get((operation, region)):
            raise AccountRefusal(code)
        if operation == "GetAccountSettings":
            limit = self.concurrency_in(region)
            return {
                "AccountLimit": {
                    "ConcurrentExecutions": limit,
                    "UnreservedConcurrentExecutions": limit,
                }
            }
        answer = AccountDouble.answer(self, operation, region, given)
        shape = model("service-quotas").operation_model(operation).output_shape
        hold(answer, shape, operation)
        return answer

    def decide(self, requests: list[dict[str, Any]]) -> None:
        if requests and self.statuses:
            status = self.statuses.pop(0)
            if status.endswith("Exception"):
                raise AccountRefusal(status)
            requests[-1]["Status"] = status


@contextmanager
def fake_account(behind: str) -> Iterator[FakeAccount]:
    """Serve an account for the length of a block; what it does not know goes to `behind`."""
    account, target = FakeAccount(), behind

    class Handler(InFront):
        behind = target

        def answer(self) -> None:
            content = self.body()
            _, service = self.scope()
            operation = self.operation(content) if service == "servicequotas" else None
            if self.path.startswith("/2016-08-19/account-settings"):
                self.decide("GetAccountSettings", {})
            elif operation:
                self.decide(operation, json.loads(content))
            else:
                self.pass_on(content)

        def decide(self, operation: str, given: dict[str, Any]) -> None:
            region, _ = self.scope()
            try:
                content = account.answer(operation, region, given)
            except AccountRefusal as refusal:
                error = {"__type": str(refusal), "message": "canary-text"}
                self.send(400, {"x-amzn-errortype": str(refusal)}, json.dumps(error).encode())
                return
            self.send(200, {}, json.dumps(content, default=datetime.timestamp).encode())

    with LoopbackServer(Handler).running() as server:
        account.url = server.url
        yield account
