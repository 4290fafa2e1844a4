"""Messages through an endpoint in this process, one passage at a time, however they come in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from workbench.in_process_endpoint import InProcessEndpoint
from workbench.in_process_worker import WorkerTry
from workbench.memory_sqs import StoredMessage
from workbench.passages import Passage, Passages


class MessageRunner:
    """What `try`, `serve`, golden tests and the studio run every message through."""

    def __init__(self, endpoint: InProcessEndpoint, passages: Passages) -> None:
        self.endpoint = endpoint
        self._passages = passages
        passages.watch(endpoint.integration)

    @property
    def waiting(self) -> list[StoredMessage]:
        """What waits for the worker, oldest first."""
        worker = self.endpoint.worker
        return worker.waiting if worker else []

    @contextmanager
    def passage(self) -> Iterator[Passage]:
        """Note what happens in a block; whoever has several threads lets in one at a time."""
        endpoint = self.endpoint
        mark, refused = endpoint.log.mark, len(endpoint.refused_hosts)
        before = {it.id for it in self.waiting}
        passage = self._passages.begin()
        try:
            yield passage
        finally:
            passage.end(
                log=tuple(endpoint.log.since(mark)),
                refused_hosts=tuple(endpoint.refused_hosts[refused:]),
                stored=tuple(it for it in self.waiting if it.id not in before),
            )
            self._passages.changed(passage)

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
