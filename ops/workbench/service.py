"""The service that stands in for the partner's: answers as told and remembers every exchange."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from ops.local.partner_api import Behaviour, Call, Choice, partner_api


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A call that the integration made, and what it was answered."""

    call: Call
    answer: Behaviour


class RecordingService:
    """A running service. `choose` may be replaced at any time, for instance between messages."""

    def __init__(self, choose: Choice) -> None:
        self.choose = choose
        self.url = ""
        self._exchanges: list[Exchange] = []
        self._lock = threading.Lock()

    def answer(self, call: Call) -> Behaviour:
        """Choose the answer to a call, and remember both."""
        answer = self.choose(call)
        with self._lock:
            self._exchanges.append(Exchange(call=call, answer=answer))
        return answer

    def take(self) -> tuple[Exchange, ...]:
        """Give the exchanges in the order of their answers, and forget them."""
        with self._lock:
            exchanges, self._exchanges = self._exchanges, []
        return tuple(exchanges)


@contextmanager
def recording_service(choose: Choice) -> Iterator[RecordingService]:
    """Run a service for the length of a block."""
    service = RecordingService(choose)
    with partner_api(service.answer) as server:
        service.url = server.url
        yield service


def in_turn(answers: Sequence[Behaviour]) -> Choice:
    """Answer the calls one after the other; the last answer stays, and without any all is well."""
    left = list(answers) or [Behaviour()]

    def choose(_call: Call) -> Behaviour:
        return left.pop(0) if len(left) > 1 else left[0]

    return choose
