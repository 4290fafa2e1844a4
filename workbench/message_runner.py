"""Messages through an endpoint in this process, one passage at a time, however they come in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from workbench.in_process_endpoint import InProcessEndpoint, WorkerTry
from workbench.passages import Passage, Passages

if TYPE_CHECKING:
    from workbench.memory_sqs import StoredMessage


class MessageRunner:
    """What `try`, `serve`, golden tests and the studio run every message through."""

    def __init__(self, endpoint: InProcessEndpoint, passages: Passages) -> None:
        self.endpoint = endpoint
        self._passages = passages
        passages.watch(endpoint.integration)

    @contextmanager
    def passage(self) -> Iterator[Passage]:
        """Note what happens in a block; whoever has several threads lets in one at a time."""
        endpoint = self.endpoint
        mark, refused = endpoint.log.mark, len(endpoint.refused_hosts)
        before = frozenset(endpoint.waiting_ids)
        passage = self._passages.begin()
        try:
            yield passage
        finally:
            passage.end(
                log=tuple(endpoint.log.since(mark)),
                refused_hosts=tuple(endpoint.refused_hosts[refused:]),
                stored=tuple(it for it in endpoint.waiting_ids if it not in before),
            )
            self._passages.changed(passage)

    def try_queued(self, message: StoredMessage) -> tuple[WorkerTry, Passage]:
        """Let the worker try one message that waits."""
        with self.passage() as passage:
            tried = self.endpoint.try_queued(message)
        return tried, passage
