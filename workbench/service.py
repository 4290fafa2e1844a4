"""The service that stands in for the partner's: answers as told and remembers every exchange."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from local.stand_in import Behaviour, Choice, ReceivedCall, stand_in


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceExchange:
    """A call that the integration made, and what it was answered."""

    call: ReceivedCall
    answer: Behaviour


class RecordingService:
    """A running service. `choose` may be replaced at any time, for instance between messages."""

    def __init__(self, choose: Choice) -> None:
        self.choose = choose
        self.url = ""
        self._exchanges: list[ServiceExchange] = []
        self._lock = threading.Lock()

    def answer(self, call: ReceivedCall) -> Behaviour:
        """Choose the answer to a call, and remember both."""
        answer = self.choose(call)
        with self._lock:
            self._exchanges.append(ServiceExchange(call=call, answer=answer))
        return answer

    def take(self) -> tuple[ServiceExchange, ...]:
        """Give the exchanges in the order of their answers, and forget them."""
        with self._lock:
            exchanges, self._exchanges = self._exchanges, []
        return tuple(exchanges)


@contextmanager
def recording_service(choose: Choice) -> Iterator[RecordingService]:
    """Run a service for the length of a block."""
    service = RecordingService(choose)
    with stand_in(service.answer) as server:
        service.url = server.url
        yield service


def in_turn(answers: Sequence[Behaviour]) -> Choice:
    """Answer the calls one after the other; the last answer stays, and without any all is well."""
    left = list(answers) or [Behaviour()]

    def choose(_call: ReceivedCall) -> Behaviour:
        return left.pop(0) if len(left) > 1 else left[0]

    return choose
