"""No other site drives a server on loopback: neither from its pages nor by a name of its own."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_OWN = frozenset({"same-origin", "none"})
_ANSWER_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
)


class SameOrigin:
    """ASGI middleware. Programs that are no browser name no origin, and are let through.

    `hosts` are what a request may call this machine, with the port: a name that somebody else's
    DNS leads here is none of them. A browser says in `Sec-Fetch-Site` and `Origin` whose page asks.
    """

    def __init__(self, app: ASGIApp, *, hosts: Collection[str]) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 403 to a request of another site's; pass on every other."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if not self._is_ours(Headers(scope=scope)):
            refusal = PlainTextResponse("only pages of this server may ask it", 403)
            await refusal(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_ANSWER_HEADERS]
            await send(message)

        await self._app(scope, receive, send_with_headers)

    def _is_ours(self, headers: Headers) -> bool:
        origin = headers.get("origin")
        return (
            headers.get("host", "") in self._hosts
            and headers.get("sec-fetch-site", "none") in _OWN
            and (origin is None or urlsplit(origin).netloc in self._hosts)
        )
