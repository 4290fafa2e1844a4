"""One play: a seed decides what mParticle sends, what goes wrong, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import redirect_stdout, suppress
from dataclasses import dataclass
from threading import Event
from typing import Any, TextIO, cast

from cloud.queues import QueueUrls
from endpoint.acceptance import Acceptance
from endpoint.answering import answer
from endpoint.aws import AwsError
from endpoint.batch import Batch, report
from endpoint.batched_queue import BatchedQueue
from endpoint.delivery import Delivery
from endpoint.overflow import Overflow
from endpoint.queue import MessageQueue
from ops.oncall.dead_letters import redrive
from tests.simulation.faults import Faults
from tests.simulation.functions import Environment, Function, Handler, Poller
from tests.simulation.ledger import Broken, Fate, Ledger
from tests.simulation.mparticle import CUSTOMERS, MParticle
from tests.simulation.partner_api import Integration, PartnerApi, Period
from tests.simulation.queue import SimulatedQueue
from tests.simulation.scheduler import Process, Scheduler, SimulatedThreads
from tests.simulation.sqs import SimulatedSqs

QUEUE, DEAD_LETTERS = "queue", "dead-letters"
BUDGET_SECONDS = 0.12
_REDRIVES = 2
_HIDDEN_SECONDS = 700
"""After which what a redrive has received and not moved can be received again."""


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What a deployment chooses, and how much is played."""

    queued: Collection[str] = ("dsr",)
    overflowing: Collection[str] = ("events",)
    attempts: int = 12
    max_breakdowns: int = 3
    parallel: int = 10
    batch_size: int = 10
    concurrency: int = 4
    worker_seconds: float = 30
    visibility_seconds: float = 180
    recursions: int | None = None
    messages: int = 8
    over_seconds: float = 30
    is_redriven: bool = True
    poisoned: Collection[int] | None = None
    """The messages over which every process dies; none: chosen by chance, as what is refused."""


class Play:
    """The real code of endpoint and worker among simulated neighbours.

    `delivery`, `queue`, `report` and `redrive` can be replaced, so that a test of the tests can
    break them.
    """

    def __init__(
        self,
        seed: int,
        choices: Choices,
        *,
        faults: Callable[[Scheduler], Faults] | None = None,
        periods: list[Period] | None = None,
        delivery: type[Delivery] = Delivery,
        queue: type[BatchedQueue] = BatchedQueue,
        report: Callable[[list[str]], dict[str, Any]] = report,
        redrive: Callable[..., object] = redrive,
    ) -> None:
        self.choices = choices
        self.ledger = Ledger(attempts=choices.attempts)
        self.scheduler = Scheduler(seed, check=self.ledger.check)
        random = self.scheduler.random
        self.faults = faults(self.scheduler) if faults else Faults.chosen(random)
        if periods is None:
            periods = PartnerApi.periods_of(random, until=random.choice((0, 60, 600)))
        self.api = PartnerApi(self.scheduler, self.ledger, periods)
        self._delivery = delivery
        self._worker_queue = queue
        self._report = report
        self._redrive = redrive
        self._bodies: dict[str, str] = {}
        self.dead_letters = self._queue(None)
        self.queue = self._queue(self.dead_letters)
        self._queues = {QUEUE: self.queue, DEAD_LETTERS: self.dead_letters}
        self.worker = Function(
            self.scheduler,
            self.faults,
            self._start_worker,
            timeout=choices.worker_seconds,
            sqs=self._sqs,
        )
        self.endpoint = Function(
            self.scheduler, self.faults, self._start_endpoint, timeout=5, sqs=self._sqs
        )
        self.poller = Poller(
            self.scheduler,
            self.faults,
            self.queue,
            self.worker,
            batch_size=choices.batch_size,
            concurrency=choices.concurrency,
            recursions=choices.recursions,
        )
        self.mparticle = MParticle(self.scheduler, self.ledger, self.endpoint)

    def run(self) -> Ledger:
        """Play until every message has its end; then redrive, if chosen, and play to the end."""
        with redirect_stdout(cast("TextIO", _Nowhere())):
            self.scheduler.spawn(self.poller.run)
            self._send_all()
            self.scheduler.spawn(self._get_well, delay=self.faults.until)
            self.scheduler.spawn(self._finish, delay=self.faults.until)
            self.scheduler.run()
            self.scheduler.end()
        if left := self.queue.bodies():
            raise Broken(f"{len(left)} messages never left the queue")
        return self.ledger

    def _queue(self, dead_letters: SimulatedQueue | None) -> SimulatedQueue:
        return SimulatedQueue(
            self.scheduler,
            self.ledger,
            self.faults,
            visibility_seconds=self.choices.visibility_seconds,
            max_receives=self.choices.max_breakdowns + 20,
            dead_letters=dead_letters,
        )

    def _sqs(self, process: Process | None) -> SimulatedSqs:
        return SimulatedSqs(self.scheduler, self._queues, self.faults, process)

    def _start_endpoint(self, environment: Environment) -> Handler:
        integration = Integration(self.api, environment, self._bodies, inline=True)
        acceptance = Acceptance(
            MessageQueue(cast("Any", environment.sqs), QUEUE),
            queued=self.choices.queued,
            overflowing=self.choices.overflowing,
            overflow=Overflow(
                budget_seconds=BUDGET_SECONDS,
                threads=SimulatedThreads(self.scheduler, environment),
            ),
        )

        def handle(event: Any, *, remaining_seconds: float) -> Any:  # noqa: ARG001
            started = self.scheduler.now
            try:
                return answer(integration, event, acceptance)
            finally:
                self.ledger.answered_after(self.scheduler.now - started)

        return handle

    def _start_worker(self, environment: Environment) -> Handler:
        client, threads = (
            cast("Any", environment.sqs),
            SimulatedThreads(self.scheduler, environment),
        )
        delivery = self._delivery(
            Integration(self.api, environment, self._bodies, inline=False),
            queue=self._worker_queue(client, QUEUE, threads),
            dead_letters=self._worker_queue(client, DEAD_LETTERS, threads),
            attempts=self.choices.attempts,
            max_breakdowns=self.choices.max_breakdowns,
            spread=self.scheduler.random.uniform,
        )
        batch = Batch(
            delivery,
            parallel=self.choices.parallel,
            threads=threads,
            end_process=self.scheduler.end_own_process,
        )

        def handle(event: Any, *, remaining_seconds: float) -> Any:
            return self._report(
                batch.deliver(event["Records"], remaining_seconds=remaining_seconds)
            )

        return handle

    def _send_all(self) -> None:
        choices, random = self.choices, self.scheduler.random
        for number in range(choices.messages):
            fate = Fate(number=number, customer=number % CUSTOMERS)
            if choices.poisoned is None:
                fate.is_refused = random.random() < 0.05
                fate.is_poison = not fate.is_refused and random.random() < 0.03
            else:
                fate.is_poison = number in choices.poisoned
            message_id, body = self.mparticle.send(fate, within=choices.over_seconds)
            self._bodies[message_id] = body

    def _get_well(self) -> None:
        self.faults.is_over = True

    def _finish(self) -> None:
        """Wait until the queue is empty; send dead letters back once, and wait again."""
        self._drain()
        if self.choices.is_redriven and self.dead_letters.bodies():
            for fate in self.ledger.fates.values():
                fate.is_poison = False
            for _ in range(_REDRIVES):  # each may fail at any call; the operator runs it again
                self.faults.is_over = False
                self._redrive_once()
                self._get_well()
                self._redrive_once()
            self._drain()
        self.poller.stop()

    def _redrive_once(self) -> None:
        with suppress(AwsError):
            self._redrive(
                cast("Any", self._sqs(None)),
                QueueUrls(queue=QUEUE, dead_letters=DEAD_LETTERS),
                only=None,
                per_second=1e9,
                most=1000,
                stop=Event(),
                moved=lambda _: None,
            )
        self.scheduler.sleep(_HIDDEN_SECONDS)

    def _drain(self) -> None:
        while self.mparticle.unsent or self.queue.bodies():
            self.scheduler.sleep(60)


class _Nowhere:
    """Takes what is logged."""

    def write(self, text: str) -> int:
        return len(text)

    def flush(self) -> None:
        pass


def play(seed: int, choices: Choices | None = None, **parts: Any) -> Ledger:
    """Play one seed to its end. Raises `Broken` at the first step that breaks a promise."""
    return Play(seed, choices or Choices(), **parts).run()
