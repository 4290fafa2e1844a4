"""Messages through an endpoint in this process, passage by passage, however they come in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from endpoint.answering import ProcessingError
from firehose import InvalidMessage
from workbench.in_process_endpoint import InProcessEndpoint
from workbench.in_process_worker import WorkerTry
from workbench.memory_sqs import StoredMessage
from workbench.passages import Passage, Passages

MessageOutcome = dict[str, Any] | InvalidMessage | ProcessingError
"""What becomes of a message: the response to mParticle, or why there is none."""


class MessageRunner:
    """What `try`, `serve`, `play`, golden tests and the studio run every message through.

    As in Lambda, whoever has several threads lets in one request at a time, and one attempt.
    """

    def __init__(self, endpoint: InProcessEndpoint, passages: Passages) -> None:
        self.endpoint = endpoint
        self._passages = passages
        passages.watch(endpoint.integration)
        if endpoint.worker:
            endpoint.worker.sqs.told = passages.note_stored

    @property
    def waiting(self) -> list[StoredMessage]:
        """What waits for the worker, oldest first."""
        worker = self.endpoint.worker
        return worker.waiting if worker else []

    @contextmanager
    def passage(self) -> Iterator[Passage]:
        """Note what the endpoint, or the worker, does in a block."""
        refused = len(self.endpoint.refused_hosts)
        with self._passages.passage() as passage:
            try:
                yield passage
            finally:
                passage.refused_hosts = tuple(self.endpoint.refused_hosts[refused:])

    def outcome(self, content: bytes | dict[str, Any]) -> MessageOutcome:
        """Let the endpoint answer a message as the function behind the alias does."""
        try:
            return self.endpoint.answer(content)
        except (InvalidMessage, ProcessingError) as error:
            return error

    def attempt(
        self, message: StoredMessage, *, due_only: bool = False
    ) -> tuple[WorkerTry, Passage] | None:
        """Let the worker try one message that waits; none if it leaves it for now."""
        worker = self.endpoint.worker
        if worker is None:
            return None
        with self.passage() as passage:
            tried = worker.attempt(message, due_only=due_only)
        return (tried, passage) if tried else None


def https_status(outcome: MessageOutcome) -> int:
    """Give the HTTP status that the https transport answers."""
    if isinstance(outcome, dict):
        return 200
    # Loaded for a failure only, because it loads the AWS SDK.
    from endpoint.front_door import refusal  # noqa: PLC0415 - see above

    return refusal(outcome).status
