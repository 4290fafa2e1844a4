"""Where a day is played: what the engine needs of an endpoint and of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from local.service_calls import ServiceExchange
from probe.endpoint_answer import EndpointAnswer, Json
from workbench.in_process_worker import WorkerTry
from workbench.passages import Passage
from workbench.play.played_message import PlayedMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class SentCall:
    """What one call of the endpoint came to; see `MessageSent`.

    `is_refused` tells whether the integration refused the message for good.
    """

    answer: EndpointAnswer
    is_refused: bool
    stored: bool | None
    exchanges: Sequence[ServiceExchange] = field(default=(), repr=False)


class PlayClock(Protocol):
    """Time of the play, in seconds after midnight of its day."""

    def now(self) -> float:
        """Give the time."""
        ...

    def skip_to(self, moment: float) -> None:
        """Let time pass until then."""
        ...


class Venue(Protocol):
    """One region's endpoint, over every transport it has."""

    @property
    def next_due(self) -> float | None:
        """When the worker has something to do; none while it has nothing, or works by itself."""
        ...

    def send(self, message: PlayedMessage, content: Json) -> SentCall:
        """Call the endpoint once, over the transport of the message's customer."""
        ...

    def deliver(self) -> Sequence[tuple[WorkerTry, Passage]]:
        """Let the worker try what is due; give what it made of each."""
        ...

    def finish(self) -> dict[str, Sequence[ServiceExchange]]:
        """Wait for what works by itself; give the service's calls by the message's id."""
        ...
