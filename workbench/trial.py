"""One message through the integration, with everything that came of it."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterable
from dataclasses import dataclass

from endpoint.answering import read
from firehose import FirehoseError, InvalidMessage, Request
from firehose.registration_checks.module import overrides
from local.service_calls import ServiceExchange
from workbench.in_process_worker import WorkerTry, line_of_endpoint
from workbench.message_runner import MessageOutcome, MessageRunner


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
    outcome: MessageOutcome
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
    """Tries one message after the other, each with an empty queue."""

    def __init__(self, runner: MessageRunner) -> None:
        self._runner = runner
        self._endpoint = runner.endpoint

    def run(self, name: str, content: bytes) -> Trial:
        """Let mParticle send a message and, where it is queued, let the worker try it once."""
        mark, refused = self._endpoint.log.mark, len(self._endpoint.refused_hosts)
        with self._runner.passage() as answered:
            outcome = self._runner.outcome(content)
        # What was left behind would go on beside the next message, and be taken for its doing.
        self._endpoint.settle()
        tries = [it for message in self._runner.waiting if (it := self._runner.attempt(message))]
        if self._endpoint.worker:
            self._endpoint.worker.sqs.clear()
        passages = [answered, *(passage for _, passage in tries)]
        worker, tried = tries[0] if tries else (None, None)
        hooks = tuple(hook.name for it in passages for hook in it.hooks)
        processor = type(self._endpoint.integration)
        log = tuple(self._endpoint.log.since(mark))
        return Trial(
            name=name,
            request=request_in(content),
            hooks=hooks,
            default_hooks=frozenset(hook for hook in hooks if not overrides(processor, hook)),
            exchanges=tuple(exchange for it in passages for exchange in it.exchanges),
            outcome=outcome,
            overflowed=_overflowed(log),
            worker=worker,
            milliseconds=(answered.seconds or 0.0) * 1000,
            worker_milliseconds=(tried.seconds or 0.0) * 1000 if tried else None,
            allocated_kib=None,
            errors=tuple(error for it in passages for error in it.errors),
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


def _overflowed(log: Iterable[str]) -> str | None:
    """Find in the endpoint's own line why a message overflowed."""
    for line in map(line_of_endpoint, log):
        if line.get("outcome") in {"overflowed", "diverted"}:
            return str(line["error"])
    return None


def request_in(content: bytes) -> Request | None:
    """Read a request; none where it is none."""
    try:
        return read(content)
    except InvalidMessage:
        return None
