"""One message through the integration, with everything that came of it."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from endpoint.answering import ProcessingError, read
from firehose import FirehoseError, InvalidMessage, Request
from firehose.registration_checks.module import overrides
from local.stand_in import ServiceExchange
from workbench.hook_calls import HookCalls
from workbench.in_process_endpoint import InProcessEndpoint
from workbench.in_process_worker import WorkerTry, line_of_endpoint

TrialAnswer = dict[str, object] | InvalidMessage | ProcessingError


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What came of one message.

    `request` is none where it could not be read. `default_hooks` are those of the hooks that the
    integration does not have itself, so that they only acknowledge. `outcome` is the response to
    mParticle, or why there is none. `overflowed` names why inline work ended in the queue, none
    where it did not. `worker` is what the worker did with it next, none where it was not queued.
    `milliseconds` is the time until mParticle has its answer, `worker_milliseconds` that of the
    worker's try. `allocated_kib` is the highest memory at once while the message was processed
    another time, by tracemalloc, the stand-in service included; none where that was not measured.
    `errors` are what the integration raised, `log` is what the function wrote.
    """

    name: str
    request: Request | None
    hooks: tuple[str, ...]
    default_hooks: frozenset[str]
    exchanges: tuple[ServiceExchange, ...]
    outcome: TrialAnswer
    overflowed: str | None
    worker: WorkerTry | None
    milliseconds: float
    worker_milliseconds: float | None
    allocated_kib: float | None
    errors: tuple[Exception, ...]
    log: tuple[str, ...]
    refused_hosts: tuple[str, ...]

    @property
    def is_broken(self) -> bool:
        """Whether something went wrong that the integration did not name itself."""
        if self.refused_hosts or isinstance(self.outcome, InvalidMessage):
            return True
        return any(not isinstance(error, FirehoseError) for error in self.errors)


class TrialRunner:
    """An endpoint, ready for one message after the other; `take_exchanges` gives what it called."""

    def __init__(
        self, endpoint: InProcessEndpoint, take_exchanges: Callable[[], Iterable[ServiceExchange]]
    ) -> None:
        self._endpoint = endpoint
        self._take_exchanges = take_exchanges
        self._hooks = HookCalls(endpoint.integration)

    def run(self, name: str, content: bytes) -> Trial:
        """Let mParticle send a message and, where it is queued, let the worker try it once."""
        refused, mark = len(self._endpoint.refused_hosts), self._endpoint.log.mark
        started = time.perf_counter()
        outcome = self._answered(content)
        answered = time.perf_counter()
        # What was left behind would go on beside the next message, and be taken for its doing.
        self._endpoint.settle()
        settled = time.perf_counter()
        delivered = self._endpoint.deliver()
        finished = time.perf_counter()
        hooks, errors = self._hooks.take()
        log = tuple(self._endpoint.log.since(mark))
        processor = type(self._endpoint.integration)
        if self._endpoint.worker:
            self._endpoint.worker.forget()
        return Trial(
            name=name,
            request=_request(content),
            hooks=hooks,
            default_hooks=frozenset(hook for hook in hooks if not overrides(processor, hook)),
            exchanges=tuple(self._take_exchanges()),
            outcome=outcome,
            overflowed=_overflowed(log),
            worker=delivered[0] if delivered else None,
            milliseconds=(answered - started) * 1000,
            worker_milliseconds=(finished - settled) * 1000 if delivered else None,
            allocated_kib=None,
            errors=errors,
            log=log,
            refused_hosts=tuple(self._endpoint.refused_hosts[refused:]),
        )

    def allocated_kib(self, content: bytes) -> float:
        """Process a message once more and measure its memory, which is too slow to time it too."""
        tracemalloc.start()
        try:
            before, _ = tracemalloc.get_traced_memory()
            self.run("", content)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        return (peak - before) / 1024

    def _answered(self, content: bytes) -> TrialAnswer:
        try:
            return self._endpoint.answer(content)
        except (InvalidMessage, ProcessingError) as error:
            return error


def _overflowed(log: Iterable[str]) -> str | None:
    """Find in the endpoint's own line why a message overflowed."""
    for line in map(line_of_endpoint, log):
        if line.get("outcome") in {"overflowed", "diverted"}:
            return str(line["error"])
    return None


def _request(content: bytes) -> Request | None:
    try:
        return read(content)
    except InvalidMessage:
        return None
