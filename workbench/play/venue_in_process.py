"""A day in this process: the endpoint's own code, and its worker."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from endpoint.answering import ProcessingError
from firehose import InvalidMessage
from local.service_calls import ServiceExchange
from probe.endpoint_answer import EndpointAnswer, Json, as_bytes
from probe.https_endpoint import path_of
from workbench.gateway_event import posted
from workbench.in_process_worker import WorkerTry
from workbench.message_runner import MessageRunner
from workbench.one_token import tokens_of
from workbench.passages import Passage
from workbench.play.played_message import PlayedMessage
from workbench.play.venue import SentCall

_TOKEN = "made-up-token"  # noqa: S105 - of an endpoint that nobody else reaches


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

    def deliver(self) -> Sequence[tuple[WorkerTry, Passage]]:
        """Let the worker try what is due."""
        attempts = (self._runner.attempt(it, due_only=True) for it in self._runner.waiting)
        return [it for it in attempts if it]

    def finish(self) -> dict[str, Sequence[ServiceExchange]]:
        """Give nothing: every call was told with its message."""
        return {}

    def _invoked(self, _message: PlayedMessage, body: bytes) -> tuple[int, Any, str | None, bool]:
        """Answer as AWS would report it: whatever is raised is a function error."""
        outcome = self._runner.outcome(json.loads(body))
        if isinstance(outcome, ProcessingError):
            return 200, None, str(outcome), outcome.failure.lasts
        if isinstance(outcome, InvalidMessage):
            return 200, None, f"InvalidMessage: {outcome}", True
        return 200, outcome, None, False

    def _posted(self, message: PlayedMessage, body: bytes) -> tuple[int, Any, str | None, bool]:
        event = posted(f"/{path_of(message.type)}", body, token=_TOKEN)
        response = self._endpoint.answer_http(event, self._tokens)
        status: int = response["statusCode"]
        return status, json.loads(response["body"]), None, status == 400
