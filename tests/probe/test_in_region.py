"""What runs inside a region: how it calls an endpoint, and what it makes of the answers."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from local.loopback_server import LoopbackHandler, LoopbackServer
from probe import in_region
from probe.fresh_ids import is_of_a_check
from probe.in_region import handler

RIGHT = "event_processing_response"
MESSAGE = {"type": "x", "id": "old", "events": [{"id": "old"}], "account": {"key": "canary-1"}}
ARN = "arn:aws:lambda:eu-central-1:111122223333:function:acme-firehose:production"


class Posted(LoopbackHandler):
    """Keeps what is posted, and answers with the status and the type that the path names."""

    seen: list[tuple[str | None, dict[str, Any]]]

    def answer(self) -> None:
        content = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.seen.append((self.headers.get("Authorization"), content))
        _, status, kind = self.path.split("/")
        self.send(int(status), {}, json.dumps({"type": kind}).encode())


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    Posted.seen = []
    with LoopbackServer(Posted).running() as running:
        yield running


def posted(url: str, *, calls: int = 1, start: float = 0.0) -> list[dict[str, Any]]:
    event = {"url": url, "token": "canary-2", "message": MESSAGE, "answer": RIGHT}
    return handler(event | {"due": [0.0] * calls, "start": start}, None)


@pytest.mark.parametrize(
    ("path", "outcome"),
    [
        (f"200/{RIGHT}", "answered"),
        (f"202/{RIGHT}", "answered"),
        ("200/other", "failed"),
        (f"500/{RIGHT}", "failed"),
        (f"401/{RIGHT}", "failed"),
        (f"429/{RIGHT}", "throttled"),
    ],
)
def test_answer_over_https_is_judged(server: LoopbackServer, path: str, outcome: str) -> None:
    (call,) = posted(f"{server.url}/{path}")

    assert call["outcome"] == outcome
    assert call["milliseconds"] > 0
    assert [authorization for authorization, _ in Posted.seen] == ["Token canary-2"]


def test_every_call_has_ids_of_its_own_and_the_result_holds_no_message(
    server: LoopbackServer,
) -> None:
    calls = posted(f"{server.url}/200/{RIGHT}", calls=5)

    messages = [message for _, message in Posted.seen]
    assert len({it["id"] for it in messages}) == 5
    assert len({it["events"][0]["id"] for it in messages}) == 5
    assert all(is_of_a_check(it["id"]) for it in messages)
    assert "canary" not in json.dumps(calls)


def test_nobody_who_answers_is_a_failed_call() -> None:
    (call,) = posted("http://127.0.0.1:9/200/x")

    assert call["outcome"] == "failed"


def test_load_begins_at_its_moment(server: LoopbackServer) -> None:
    begun = time.time()

    posted(f"{server.url}/200/{RIGHT}", start=begun + 0.3)

    assert time.time() - begun >= 0.3


class Invoked:
    """A client of Lambda whose only function answers in one way."""

    def __init__(self, answer: bytes, *, error: str = "", status: int = 0) -> None:
        self._answer, self._error, self._status = answer, error, status
        self.refusals = 0

    def invoke(self, *, InvocationType: str = "", **_: object) -> dict[str, Any]:  # noqa: N803
        if InvocationType == "DryRun":
            if self.refusals:
                self.refusals -= 1
                raise ClientError({"Error": {"Code": "AccessDeniedException"}}, "Invoke")
            return {}
        if self._status:
            metadata = {"HTTPStatusCode": self._status}
            error: Any = {"Error": {"Code": "x"}, "ResponseMetadata": metadata}
            raise ClientError(error, "Invoke")
        failed = {"FunctionError": self._error} if self._error else {}
        return {"Payload": self, **failed}

    def read(self) -> bytes:
        return self._answer


@pytest.mark.parametrize(
    ("client", "outcome"),
    [
        (Invoked(json.dumps({"type": RIGHT}).encode()), "answered"),
        (Invoked(json.dumps({"type": RIGHT}).encode(), error="Unhandled"), "failed"),
        (Invoked(b"null"), "failed"),
        (Invoked(b"no json"), "failed"),
        (Invoked(b"", status=429), "throttled"),
        (Invoked(b"", status=500), "failed"),
    ],
)
def test_answer_of_a_function_is_judged(
    monkeypatch: pytest.MonkeyPatch, client: Invoked, outcome: str
) -> None:
    monkeypatch.setattr(boto3, "client", lambda *_, **__: client)
    event = {"arn": ARN, "message": MESSAGE, "answer": RIGHT, "due": [0.0], "start": 0.0}

    (call,) = handler(event, None)

    assert call["outcome"] == outcome


def test_permission_that_iam_has_not_spread_yet_is_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = Invoked(json.dumps({"type": RIGHT}).encode())
    client.refusals = 2
    monkeypatch.setattr(boto3, "client", lambda *_, **__: client)
    monkeypatch.setattr(in_region, "_PAUSE_SECONDS", 0.0)
    event = {"arn": ARN, "message": MESSAGE, "answer": RIGHT, "start": 0.0}

    assert handler(event | {"due": []}, None) == []
    assert client.refusals == 0


def test_permission_that_never_comes_ends_with_access_denied(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = Invoked(b"")
    client.refusals = 99
    monkeypatch.setattr(boto3, "client", lambda *_, **__: client)
    monkeypatch.setattr(in_region, "_PATIENCE_SECONDS", -1.0)
    event = {"arn": ARN, "message": MESSAGE, "answer": RIGHT, "due": [], "start": 0.0}

    with pytest.raises(ClientError, match="AccessDenied"):
        handler(event, None)
