"""MiniStack with an account that has limits and quotas: answers those calls, passes on the rest."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import datetime
from typing import Any

from local.account_double import AccountDouble, AccountRefusal, scope_of

AsgiMessage = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[AsgiMessage]]
Send = Callable[[AsgiMessage], Awaitable[None]]
AsgiApp = Callable[[AsgiMessage, Receive, Send], Awaitable[None]]

_SETTINGS = "/2016-08-19/account-settings"


def with_account(app: AsgiApp, account: AccountDouble) -> AsgiApp:
    """Put an account in front of MiniStack's ASGI application."""

    async def both(scope: AsgiMessage, receive: Receive, send: Send) -> None:
        headers = {name.lower(): text for name, text in scope.get("headers", ())}
        region, service = scope_of(headers.get(b"authorization", b"").decode("latin-1"))
        if scope["type"] == "http" and service == "servicequotas":
            operation = headers.get(b"x-amz-target", b"").decode("latin-1").rpartition(".")[2]
            given = json.loads(await _body(receive) or b"{}")
            await _send(send, *_answered(account, operation, region, given))
        elif scope["type"] == "http" and scope["path"].rstrip("/") == _SETTINGS:
            status, content = await _collected(app, scope, receive)
            await _send(send, status, _limited(content, account.concurrency_in(region)))
        else:
            await app(scope, receive, send)

    return both


def _answered(
    account: AccountDouble, operation: str, region: str, given: dict[str, Any]
) -> tuple[int, dict[str, Any]]:
    try:
        return 200, account.answer(operation, region, given)
    except AccountRefusal as refusal:
        return 400, {"__type": str(refusal), "message": "The embedded AWS refuses it."}


def _limited(settings: dict[str, Any], concurrency: int) -> dict[str, Any]:
    """Put the account's limit in place of the machine's; what is reserved stays so."""
    limit = settings["AccountLimit"]
    reserved = limit["ConcurrentExecutions"] - limit["UnreservedConcurrentExecutions"]
    limit["ConcurrentExecutions"] = concurrency
    limit["UnreservedConcurrentExecutions"] = max(0, concurrency - reserved)
    return settings


async def _collected(
    app: AsgiApp, scope: AsgiMessage, receive: Receive
) -> tuple[int, dict[str, Any]]:
    """Have MiniStack answer, and keep the answer."""
    status, parts = 500, []

    async def keep(message: AsgiMessage) -> None:
        nonlocal status
        status = message.get("status", status)
        parts.append(message.get("body", b""))

    await app(scope, receive, keep)
    return status, json.loads(b"".join(parts))


async def _body(receive: Receive) -> bytes:
    parts = []
    more = True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(parts)


async def _send(send: Send, status: int, content: dict[str, Any]) -> None:
    body = json.dumps(content, default=datetime.timestamp).encode()
    headers = [
        (b"content-type", b"application/x-amz-json-1.1"),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
