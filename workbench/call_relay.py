"""`--live`: calls pass through this machine to where they were meant to go, and are seen."""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Mapping
from urllib.parse import urlsplit

from local.service_calls import Behaviour, Choice, ReceivedCall
from local.stand_in_doors import origins_of

TIMEOUT_SECONDS = 30
_NOT_PASSED_ON = frozenset({"host", "connection", "content-length", "transfer-encoding"})


def passing_on(environment: Mapping[str, str]) -> Choice:
    """Answer each call as the origin does that it was meant for, one in the environment's values.

    An answer keeps status, body, its type and a `Retry-After` in seconds; a call that fails is cut.
    """
    forwards = {origin: _Forward(origin) for origin in origins_of(environment)}
    return lambda call: forwards[call.origin].answer(call)


class _Forward:
    """Passes calls on to one origin, each over a connection of its own."""

    def __init__(self, origin: str) -> None:
        parts = urlsplit(origin)
        self._host = parts.netloc
        # Made now: once the function's environment is set, certificates of the shell's are unknown.
        self._tls = ssl.create_default_context() if parts.scheme.lower() == "https" else None

    def answer(self, call: ReceivedCall) -> Behaviour:
        headers = {name: it for name, it in call.headers.items() if name not in _NOT_PASSED_ON}
        connection = self._connection()
        try:
            connection.request(call.method, call.path, call.body, headers)
            response = connection.getresponse()
            body = response.read()
        except (OSError, http.client.HTTPException):
            return Behaviour(resets=True)
        finally:
            connection.close()
        again = response.getheader("Retry-After", "")
        return Behaviour(
            status=response.status,
            body=body,
            retry_after=int(again) if again.isascii() and again.isdigit() else None,
            content_type=response.getheader("Content-Type", "application/json"),
        )

    def _connection(self) -> http.client.HTTPConnection:
        if self._tls is None:
            return http.client.HTTPConnection(self._host, timeout=TIMEOUT_SECONDS)
        return http.client.HTTPSConnection(self._host, timeout=TIMEOUT_SECONDS, context=self._tls)
