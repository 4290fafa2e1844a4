"""A day in this process: the endpoint's own code, its worker, and time that is skipped."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from typing import Any

from endpoint.answering import ProcessingError
from endpoint.failures import QueueError
from firehose import InvalidMessage, ModuleRegistrationResponse
from local.service_calls import Choice, ServiceExchange
from plan.region_plan import RegionPlan
from probe.endpoint_answer import EndpointAnswer, Json, as_bytes
from probe.https_endpoint import path_of
from workbench.gateway_event import posted
from workbench.loaded_integration import registration_of
from workbench.message_runner import MessageRunner
from workbench.one_token import tokens_of
from workbench.pace import Pace, SkippingClock
from workbench.play.played_message import PlayedMessage
from workbench.play.venue import SentCall, TriedMessage
from workbench.trial_stage import stage

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

    def __init__(self, runner: MessageRunner) -> None:
        self._runner = runner
        self._endpoint = runner.endpoint
        self._tokens = tokens_of(_TOKEN)

    @property
    def next_due(self) -> float | None:
        """When the worker gets its next message."""
        return self._endpoint.worker.next_due if self._endpoint.worker else None

    def send(self, message: PlayedMessage, content: Json) -> SentCall:
        """Call the function, or post to the HTTP API; wait for what is left behind."""
        called = self._invoked if message.customer.transport == "lambda" else self._posted
        with self._runner.passage() as passage:
            status, answered, error, is_refused = called(message, as_bytes(content))
        self._endpoint.settle()
        return SentCall(
            answer=EndpointAnswer(
                status=status,
                content=answered,
                milliseconds=(passage.seconds or 0.0) * 1000,
                error=error,
            ),
            is_refused=is_refused,
            stored=bool(passage.stored),
            exchanges=tuple(passage.exchanges),
        )

    def deliver(self) -> Sequence[TriedMessage]:
        """Let the worker try what is due, each with the calls that it made."""
        attempts = (self._runner.attempt(it, due_only=True) for it in self._runner.waiting)
        return [
            TriedMessage(tried=tried, exchanges=tuple(passage.exchanges))
            for tried, passage in filter(None, attempts)
        ]

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
        response = self._endpoint.answer_http(event, self._tokens)
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
    with stage(plan, service=choose(clock), pace=pace) as runner:
        registration = registration_of(runner.endpoint.integration)
        yield PlayedStage(
            venue=InProcessVenue(runner),
            registration=registration,
            clock=clock,
            refused_hosts=runner.endpoint.refused_hosts,
        )
