"""A day against an endpoint that runs by itself: deployed, or behind any URL; time is hurried."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence

from console.exit_codes import CommandError
from local.service_calls import ReceivedCall, ServiceExchange
from probe.endpoint_answer import EndpointAnswer, Json
from probe.endpoint_check import Stage
from workbench.in_process_worker import WorkerTry
from workbench.passages import Passage
from workbench.play.played_message import PlayedMessage
from workbench.play.venue import SentCall

_NOBODY = 503
"""What it is to mParticle when nobody answers: it calls again."""
_REFUSAL = re.compile(r"^InvalidMessage: |: (RejectedMessage|InvalidCredentials) at ")
"""In a function error, behind the name that AWS, or the embedded one, gives to what was raised."""
_GUID = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class HurriedClock:
    """Passes so many times as fast as the clock on the wall."""

    def __init__(self, speed: float) -> None:
        self._speed = speed
        self._begin = time.monotonic()

    def now(self) -> float:
        """Give the seconds of the play since its midnight."""
        return (time.monotonic() - self._begin) * self._speed

    def skip_to(self, moment: float) -> None:
        """Wait until then."""
        time.sleep(max(0.0, (moment - self.now()) / self._speed))


class DeployedVenue:
    """See `workbench.play.venue.Venue`. Its worker works by itself and cannot be watched.

    With a service of ours behind it, what arrives there is known by the ids in the calls.
    """

    def __init__(self, stages: Sequence[Stage]) -> None:
        self._stages = {stage.endpoint.transport: stage for stage in stages}
        self._known: set[str] = set()

    @property
    def next_due(self) -> None:
        """Say that nothing is left to us."""
        return None

    def send(self, message: PlayedMessage, content: Json) -> SentCall:
        """Call it; that nobody answers is an answer as well."""
        endpoint = self._stages[message.customer.transport].endpoint
        self._known.add(message.id)
        try:
            answer = endpoint.send(content, message_type=message.type)
        except CommandError:
            answer = EndpointAnswer(status=_NOBODY, content=None, milliseconds=0.0)
        is_refused = answer.status == 400 or bool(_REFUSAL.search(answer.error or ""))
        return SentCall(answer=answer, is_refused=is_refused, stored=None)

    def deliver(self) -> Sequence[tuple[WorkerTry, Passage]]:
        """Give nothing: the worker works by itself."""
        return ()

    def finish(self) -> dict[str, Sequence[ServiceExchange]]:
        """Wait until the queue is empty, for a few retries at most; find whose the calls are."""
        found: dict[str, list[ServiceExchange]] = {}
        for stage in self._stages.values():
            stage.drain()
        services = {id(it.service): it.service for it in self._stages.values() if it.service}
        for service in services.values():
            for exchange in service.take_exchanges():
                for message_id in _ids(exchange.call) & self._known:
                    found.setdefault(message_id, []).append(exchange)
        return dict(found)


def _ids(call: ReceivedCall) -> set[str]:
    """Find every id in a call."""
    texts = (call.path.encode(), *map(str.encode, call.headers.values()), call.body)
    return {it.decode() for text in texts for it in _GUID.findall(text)}
