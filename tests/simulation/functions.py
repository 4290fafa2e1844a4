"""Lambda: environments that are frozen, recycled and killed, and the poller of a queue."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from tests.simulation.faults import Faults
from tests.simulation.queue import SimulatedQueue, StoredMessage
from tests.simulation.scheduler import Process, Scheduler, SimulatedSignal
from tests.simulation.sqs import SimulatedSqs

COLD_START_SECONDS = 0.3
RECURSIONS = 16
"""docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html."""


class Handler(Protocol):
    """The function's code in one process."""

    def __call__(self, event: Any, *, remaining_seconds: float) -> Any:
        """Handle one call."""
        ...


class Environment(Process):
    """One process of a function with its own client."""

    def __init__(self) -> None:
        super().__init__()
        self.sqs: SimulatedSqs | None = None
        self.handler: Handler | None = None


class Died(Exception):  # noqa: N818 - what happened
    """The call ended without an answer: the process died or its time was up."""


class Function:
    """Runs calls, each in an environment of its own as long as it lasts."""

    def __init__(
        self,
        scheduler: Scheduler,
        faults: Faults,
        start: Callable[[Environment], Handler],
        *,
        timeout: float,
        sqs: Callable[[Process], SimulatedSqs],
    ) -> None:
        self._scheduler = scheduler
        self._faults = faults
        self._start = start
        self._timeout = timeout
        self._sqs = sqs
        self._idle: list[Environment] = []
        self.deaths = 0

    def invoke(self, event: Any, *, chain: int = 0, stored: set[str] | None = None) -> Any:
        """Call the function and wait for its answer. Raises what it raises, or `Died`.

        The bodies of the messages that it stores are added to `stored`.
        """
        environment = self._environment()
        assert environment.sqs
        assert environment.handler
        environment.sqs.chain = chain
        environment.sqs.stored = set() if stored is None else stored
        ended = SimulatedSignal(self._scheduler)
        outcome: list[Any] = []
        handler = environment.handler

        def call() -> None:
            try:
                outcome.append((handler(event, remaining_seconds=self._timeout), None))
            except Exception as error:
                outcome.append((None, error))
            ended.set()

        self._scheduler.spawn(call, process=environment)
        self._let_die(environment, ended)
        # a process that has died sets nothing; Lambda notices, at the latest when the time is up
        ended.wait(self._timeout)
        if not outcome:
            self.deaths += 1
            self._scheduler.kill(environment)
            raise Died
        if environment.is_dead or self._faults.recycles():
            self._scheduler.kill(environment)
        else:
            self._scheduler.freeze(environment)
            self._idle.append(environment)
        result, error = outcome[0]
        if error is not None:
            raise error
        return result

    def _environment(self) -> Environment:
        if self._idle:
            environment = self._idle.pop(self._scheduler.random.randrange(len(self._idle)))
            self._scheduler.thaw(environment)
            return environment
        self._scheduler.sleep(COLD_START_SECONDS)
        environment = Environment()
        environment.sqs = self._sqs(environment)
        environment.handler = self._start(environment)
        return environment

    def _let_die(self, environment: Environment, ended: SimulatedSignal) -> None:
        if not self._faults.kills():
            return

        def die() -> None:
            if not ended.is_set():
                self._scheduler.kill(environment)

        seconds = self._scheduler.random.choice((0.002, 0.02, 0.1, 1, self._timeout))
        self._scheduler.spawn(die, delay=self._scheduler.random.uniform(0, seconds))


class Poller:
    """Lambda's event source mapping: batches of the queue to the worker, and what it reports.

    `recursions` is how long a chain of calls may be whose copies lead to one another.
    """

    def __init__(
        self,
        scheduler: Scheduler,
        faults: Faults,
        queue: SimulatedQueue,
        worker: Function,
        *,
        batch_size: int,
        concurrency: int,
        recursions: int | None = None,
    ) -> None:
        self._scheduler = scheduler
        self._faults = faults
        self._queue = queue
        self._worker = worker
        self._batch_size = batch_size
        self._free = concurrency
        self._recursions = recursions
        self.is_stopped = False

    def run(self) -> None:
        """Poll until stopped."""
        while not self.is_stopped:
            self._queue.arrived.clear()
            due = self._queue.next_due()
            if self._free and due <= 0:
                batch = self._queue.receive(self._batch_size)
                if batch:
                    self._free -= 1
                    self._scheduler.spawn(lambda batch=batch: self._handle(batch))  # type: ignore[misc]
                continue
            timeout = due if self._free and due != float("inf") else None
            self._queue.arrived.wait(timeout)

    def stop(self) -> None:
        self.is_stopped = True
        self._queue.arrived.set()

    def _handle(self, batch: list[StoredMessage]) -> None:
        try:
            self._invoke(batch)
        finally:
            self._free += 1
            self._queue.arrived.set()

    def _invoke(self, batch: list[StoredMessage]) -> None:
        if self._faults.throttles():
            self._scheduler.sleep(0.05)
            return
        chain = max(message.chain for message in batch)
        if self._recursions is not None and chain > self._recursions:
            for message in batch:
                self._queue.bury(message)
            return
        receipts = {f"m{message.number}": message.receipt for message in batch}
        records = [message.record() for message in batch]
        stored: set[str] = set()
        try:
            answer = self._worker.invoke({"Records": records}, chain=chain, stored=stored)
            failed = {it["itemIdentifier"] for it in answer["batchItemFailures"]}
        except Exception:  # a function error or its death: nothing is deleted
            self._note_forks(batch, stored)
            return
        if self._faults.loses_report():
            self._note_forks(batch, stored)
            return
        for number, receipt in receipts.items():
            if number not in failed:
                self._queue.delete(receipt)

    def _note_forks(self, batch: list[StoredMessage], stored: set[str]) -> None:
        """Note of which messages a copy was stored, while the original is still there."""
        for message in batch:
            if not message.is_gone and message.body in stored:
                self._queue.ledger.fates[message.body].forks += 1
