"""One message through the integration, with everything that came of it."""

from __future__ import annotations

import tracemalloc
from dataclasses import dataclass

from endpoint.answering import ProcessingError, read
from firehose import FirehoseError, InvalidMessage, Request
from local.stand_in import ServiceExchange
from workbench.in_process_endpoint import WorkerTry
from workbench.message_runner import MessageRunner

TrialAnswer = dict[str, object] | InvalidMessage | ProcessingError


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What came of one message.

    `request` is none where it could not be read. `outcome` is the response to mParticle, or why
    there is none. `worker` is what the worker did with it next, none where it was not queued.
    `milliseconds` is the time until mParticle has its answer, `worker_milliseconds` that of the
    worker's try. `allocated_kib` is the highest memory at once while the message was processed
    another time, by tracemalloc, the stand-in service included; none where that was not measured.
    `errors` are what the integration raised, `log` is what the function wrote.
    """

    name: str
    request: Request | None
    hooks: tuple[str, ...]
    exchanges: tuple[ServiceExchange, ...]
    outcome: TrialAnswer
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
        with self._runner.passage() as answered:
            outcome = self._answered(content)
        tries = [self._runner.try_queued(it) for it in self._endpoint.waiting_messages()]
        self._endpoint.forget_queued()
        passages = [answered, *(passage for _, passage in tries)]
        worker, tried = tries[0] if tries else (None, None)
        return Trial(
            name=name,
            request=request_in(content),
            hooks=tuple(hook.name for it in passages for hook in it.hooks),
            exchanges=tuple(exchange for it in passages for exchange in it.exchanges),
            outcome=outcome,
            worker=worker,
            milliseconds=(answered.seconds or 0.0) * 1000,
            worker_milliseconds=(tried.seconds or 0.0) * 1000 if tried else None,
            allocated_kib=None,
            errors=tuple(error for it in passages for error in it.errors),
            log=tuple(line for it in passages for line in it.log),
            refused_hosts=tuple(host for it in passages for host in it.refused_hosts),
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


def request_in(content: bytes) -> Request | None:
    """Read a request; none where it is none."""
    try:
        return read(content)
    except InvalidMessage:
        return None
