"""Account limits and Service Quotas, which the embedded AWS has not: a small AWS on loopback.

Every answer is checked against botocore's model of the service before it is sent.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import botocore.session
from botocore.validate import ParamValidator

QUOTAS = {"L-B99A9384": ("lambda", 10.0), "L-8A5B8E43": ("apigateway", 10_000.0)}


class RefusalError(Exception):
    """An error of AWS's, by its code."""


@dataclass(slots=True)
class FakeAccount:
    """The account's state: limits and requests by region; `refuse` names codes by operation."""

    behind: str
    concurrency: dict[str, int] = field(default_factory=dict)
    rates: dict[str, float] = field(default_factory=dict)
    requests: list[dict[str, Any]] = field(default_factory=list)
    refuse: dict[tuple[str, str], str] = field(default_factory=dict)
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
    account = FakeAccount(behind=behind)

    class Handler(_Handler):
        state = account

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    account.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield account
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    state: FakeAccount

    def do_GET(self) -> None:
        if self.path.startswith("/2016-08-19/account-settings"):
            self._answer("GetAccountSettings", {})
        else:
            self._pass_on()

    def do_POST(self) -> None:
        operation = self.headers.get("X-Amz-Target", "").partition(".")[2]
        if operation:
            self._answer(operation, json.loads(self._body()))
        else:
            self._pass_on()

    def do_PUT(self) -> None:
        self._pass_on()

    def do_DELETE(self) -> None:
        self._pass_on()

    def _answer(self, operation: str, given: dict[str, Any]) -> None:
        scope = re.search(r"Credential=[^/]+/\d+/([^/]+)/", self.headers["Authorization"])
        assert scope
        try:
            content, status = self.state.answer(operation, scope[1], given), 200
        except RefusalError as refusal:
            content, status = {"__type": str(refusal), "message": "canary-text"}, 400
            self._send(status, json.dumps(content).encode(), {"x-amzn-errortype": str(refusal)})
            return
        self._send(status, json.dumps(content, default=datetime.timestamp).encode(), {})

    def _pass_on(self) -> None:
        behind = HTTPConnection(self.state.behind.removeprefix("http://"))
        try:
            behind.request(self.command, self.path, self._body(), dict(self.headers.items()))
            response = behind.getresponse()
            self._send(response.status, response.read(), dict(response.headers.items()))
        finally:
            behind.close()

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def _send(self, status: int, content: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            if name.lower() not in {"content-length", "transfer-encoding", "connection"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's name
        """Stay silent."""


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
