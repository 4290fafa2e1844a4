"""An address of its own for each origin that an integration calls, all leading to one service.

So that each call says where it was meant to go: which host, and with that which region's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager

from local.function_environment import ORIGIN
from local.loopback_server import LoopbackServer
from local.service_calls import Behaviour, ReceivedCall
from local.stand_in import CallTaker, ServiceHandler


class Door(LoopbackServer):
    """Where the calls meant for one origin come in."""

    def __init__(self, service: CallTaker, origin: str) -> None:
        super().__init__(ServiceHandler)
        self.origin = origin
        self._service = service

    def answering(self) -> AbstractContextManager[None]:
        """Let the service know of a call."""
        return self._service.answering()

    def answer_to(self, call: ReceivedCall) -> Behaviour:
        """Let the service answer."""
        return self._service.answer_to(call)

    def note_delivered(self, call: ReceivedCall) -> None:
        """Let the service count."""
        self._service.note_delivered(call)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing when a caller leaves, as the service does."""


def origins_of(environment: Mapping[str, str]) -> list[str]:
    """List the origins of the http(s) URLs in the values of an environment.

    Without the user and password that a URL may have, so that an origin can be shown.
    """
    return sorted({_origin(it) for value in environment.values() for it in ORIGIN.finditer(value)})


def _origin(found: re.Match[str]) -> str:
    return f"{found['scheme']}{found['host']}"


@contextmanager
def doors(service: CallTaker, environment: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Open a door for each origin in an environment, for the length of a block.

    Gives the environment that leads through them; paths stay.
    """
    with ExitStack() as stack:
        opened = {
            origin: stack.enter_context(Door(service, origin).running())
            for origin in origins_of(environment)
        }
        yield {
            name: ORIGIN.sub(lambda found: opened[_origin(found)].url, value)
            for name, value in environment.items()
        }
