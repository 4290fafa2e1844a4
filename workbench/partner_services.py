"""A service on this machine before every origin that a deployment's environment names."""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit

from local.function_environment import ORIGIN
from local.stand_in import (
    Behaviour,
    Choice,
    ReceivedCall,
    ServiceExchange,
    answering_service,
)

TIMEOUT_SECONDS = 30
_NOT_PASSED_ON = frozenset({"host", "connection", "content-length", "transfer-encoding"})


@contextmanager
def partner_services(
    environment: Mapping[str, str],
    *,
    choose: Choice | None,
    observe: Callable[[ServiceExchange], None],
) -> Iterator[dict[str, str]]:
    """Answer all calls here for a block's length; give the environment that leads them here.

    Without a choice they are passed on to where they were meant to go: an answer keeps status,
    body, its type and a `Retry-After` in seconds; a call that fails is cut. `observe` is told of
    each call with its origin and its answer, before that is sent.
    """
    with ExitStack() as stack:
        urls = {
            origin: stack.enter_context(
                answering_service(choose or _Forward(origin).answer, observe, origin=origin)
            ).url
            for origin in origins_of(environment)
        }
        yield {
            name: ORIGIN.sub(lambda found: urls[found[0]], value)
            for name, value in environment.items()
        }


def origins_of(environment: Mapping[str, str]) -> list[str]:
    """List the origins in the values of an environment, such as `https://api.acme.example`."""
    return sorted({origin for value in environment.values() for origin in ORIGIN.findall(value)})


class _Forward:
    """Passes calls on to one origin, each over a connection of its own."""

    def __init__(self, origin: str) -> None:
        parts = urlsplit(origin)
        self._host = parts.netloc.rpartition("@")[2]
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
