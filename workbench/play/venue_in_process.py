"""A day in this process: the endpoint's own code, its worker, and time that is skipped."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from typing import Any

from endpoint.answering import ProcessingError
from endpoint.failures import QueueError
from endpoint.front_door import FrontDoor
from firehose import InvalidMessage, ModuleRegistrationResponse
from local.stand_in import Choice, ServiceExchange, StandIn, stand_in
from local.stand_in_doors import doors
from plan.region_plan import RegionPlan
from probe.endpoint_answer import EndpointAnswer, Json, as_bytes
from probe.https_endpoint import path_of
from workbench.gateway_event import posted
from workbench.in_process_endpoint import InProcessEndpoint, in_environment
from workbench.loaded_integration import registration_of
from workbench.one_token import tokens_of
from workbench.pace import Pace, SkippingClock
from workbench.play.played_message import PlayedMessage
from workbench.play.venue import SentCall, TriedMessage

_TOKEN = "made-up-token"  # noqa: S105 - of an endpoint that nobody else reaches


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedStage:
    """A region's endpoint in this process, ready for a day; what it registers, and its clock."""

    venue: InProcessVenue
    registration: ModuleRegistrationResponse
    clock: SkippingClock
    refused_hosts: Sequence[str]


class InProcessVenue:
    """See `workbench.play.venue.Venue`."""

    def __init__(self, endpoint: InProcessEndpoint, service: StandIn) -> None:
        self._endpoint = endpoint
        self._service = service
        self._door = FrontDoor(
            endpoint.integration, acceptance=endpoint.acceptance("https"), tokens=tokens_of(_TOKEN)
        )

    @property
    def next_due(self) -> float | None:
        """When the worker gets its next message."""
        return self._endpoint.worker.next_due if self._endpoint.worker else None

    def send(self, message: PlayedMessage, content: Json) -> SentCall:
        """Call the function, or post to the HTTP API; wait for what is left behind."""
        before = self._endpoint.waiting
        called = self._invoked if message.customer.transport == "lambda" else self._posted
        started = time.perf_counter()
        status, answered, error, is_refused = called(message, as_bytes(content))
        milliseconds = (time.perf_counter() - started) * 1000
        stored = self._endpoint.waiting > before
        self._endpoint.settle()
        return SentCall(
            answer=EndpointAnswer(
                status=status, content=answered, milliseconds=milliseconds, error=error
            ),
            is_refused=is_refused,
            stored=stored,
            exchanges=self._service.take_exchanges(),
        )

    def deliver(self) -> Sequence[TriedMessage]:
        """Let the worker try what is due, each with the calls that it made."""
        worker = self._endpoint.worker
        tried = []
        for waiting in worker.waiting if worker else ():
            if worker and (one := worker.attempt(waiting, due_only=True)):
                exchanges = self._service.take_exchanges()
                tried.append(TriedMessage(tried=one, exchanges=exchanges))
        return tried

    def finish(self) -> dict[str, Sequence[ServiceExchange]]:
        """Give nothing: every call was told with its message."""
        return {}

    def _invoked(self, _message: PlayedMessage, body: bytes) -> tuple[int, Any, str | None, bool]:
        """Answer as AWS would report it: whatever is raised is a function error."""
        try:
            return 200, self._endpoint.answer(json.loads(body)), None, False
        except ProcessingError as error:
            return 200, None, str(error), error.failure.lasts
        except InvalidMessage as error:
            return 200, None, f"InvalidMessage: {error}", True
        except QueueError as error:
            return 200, None, f"QueueError: {error}", False

    def _posted(self, message: PlayedMessage, body: bytes) -> tuple[int, Any, str | None, bool]:
        event = posted(f"/{path_of(message.type)}", body, token=_TOKEN)
        with self._endpoint.time_limit():
            response = self._door.answer(event)
        status: int = response["statusCode"]
        return status, json.loads(response["body"]), None, status == 400


@contextmanager
def played_in_process(
    plan: RegionPlan, *, choose: Callable[[SkippingClock], Choice], seed: int
) -> Iterator[PlayedStage]:
    """Load a region's integration in front of a service on this machine, for a block's length.

    `choose` makes what the service answers, by the clock of the play. Nothing leaves this machine.
    Raises `CommandError` when the integration cannot be loaded or cannot say what it is.
    """
    clock = SkippingClock()
    pace = Pace(now=clock.now, spread=Random(seed).uniform)  # noqa: S311 - a play, no secrets
    with (
        stand_in(choose(clock)) as service,
        doors(service, plan.function.environment) as environment,
        in_environment(plan, environment, leaves_machine=False, pace=pace) as endpoint,
    ):
        registration = registration_of(endpoint.integration)
        venue = InProcessVenue(endpoint, service)
        yield PlayedStage(
            venue=venue,
            registration=registration,
            clock=clock,
            refused_hosts=endpoint.refused_hosts,
        )
