"""The worker in this process: what it does with each queued message, one after the other."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from console.exit_codes import CommandError, ExitCode
from endpoint.batch import Batch
from endpoint.circuit import Circuit
from endpoint.delivery import Delivery
from firehose import MessageProcessor
from local.function_environment import FunctionLog
from plan.region_plan import DeliveryPlan
from workbench.memory_sqs import MemorySqs, StoredMessage
from workbench.pace import Pace, WatchedThreads


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerTry:
    """What the worker did with one try of a queued message, in the words of its log.

    `outcome` is `delivered`, `retried`, `rejected` or `dead` (docs/delivery.md); `attempt` counts
    the tries with this one; `wait_seconds` is how long a retry would wait, 0 otherwise.
    """

    message_type: str | None
    message_id: str | None
    outcome: str
    attempt: int
    error: str | None
    where: str | None
    wait_seconds: int


class InProcessWorker:
    """The worker around an integration object, and the queues between it and the endpoint."""

    def __init__(
        self,
        integration: MessageProcessor,
        *,
        delivery: DeliveryPlan,
        sqs: MemorySqs,
        log: FunctionLog,
        pace: Pace,
    ) -> None:
        self.sqs = sqs
        self._log = log
        self._pace = pace
        self._seconds = delivery.worker.timeout_seconds
        self.circuit = Circuit(pace.now, fewest_calls=pace.fewest_calls)
        self._batch = Batch(
            Delivery(
                integration,
                queue=sqs.queue(sqs.QUEUE),
                dead_letters=sqs.queue(sqs.DEAD_LETTERS),
                attempts=delivery.attempts,
                max_breakdowns=delivery.max_receives,
                spread=pace.spread,
            ),
            parallel=delivery.parallel,
            threads=WatchedThreads(pace.now),
            circuit=self.circuit,
            end_process=_too_many_hang,
        )

    @property
    def waiting(self) -> list[StoredMessage]:
        """What was not delivered yet, oldest first; dead letters do not count."""
        return self.sqs.messages(self.sqs.QUEUE)

    @property
    def next_due(self) -> float | None:
        """When the next message is due, by the clock; none while nothing waits."""
        return min((it.due_at for it in self.waiting), default=None)

    def deliver(self, *, due_only: bool = False) -> list[WorkerTry]:
        """Try every waiting message once, in their order, one after the other.

        Nobody waits: a message that is to come again later is tried by the next call, unless
        `due_only` leaves it until its time has come. While the circuit is open, all are left until
        it lets a probe through, as by a worker that holds them.
        """
        tried = (self.attempt(message, due_only=due_only) for message in self.waiting)
        return [it for it in tried if it]

    def attempt(self, message: StoredMessage, *, due_only: bool = False) -> WorkerTry | None:
        """Try one message that waits, unless it is left, as `deliver` says; then give none."""
        if due_only and message.due_at > self._pace.now():
            return None
        if self.circuit.is_waiting:
            message.due_at = self._pace.now() + self.circuit.wait_seconds
            return None
        return self._try(message)

    def _try(self, message: StoredMessage) -> WorkerTry:
        sqs = self.sqs
        mark = self._log.mark
        others = {copy.id for copy in self.waiting}
        record = sqs.receive(message)
        if self._batch.deliver([record], remaining_seconds=self._seconds):
            waits = message.wait_seconds
        else:
            sqs.delete(message)
            copies = [copy for copy in self.waiting if copy.id not in others]
            waits = copies[0].wait_seconds if copies else 0
        line = _line_of_worker(self._log.since(mark))
        return WorkerTry(
            message_type=line.get("message_type"),
            message_id=line.get("message_id"),
            outcome=line["outcome"],
            attempt=line["attempt"],
            error=line.get("error"),
            where=line.get("where"),
            wait_seconds=waits,
        )


def _too_many_hang() -> NoReturn:
    raise CommandError(
        "too many hooks never ended; in Lambda the worker would start anew",
        next_step="let the hook end within what firehose.remaining_seconds() tells",
        exit_code=ExitCode.CHECK_FAILED,
    )


def line_of_endpoint(text: str) -> dict[str, Any]:
    """Read a line that endpoint or worker logged about a message; empty for any other."""
    try:
        line = json.loads(text)
    except ValueError:  # something that the integration printed
        return {}
    is_ours = isinstance(line, dict) and {"outcome", "duration_ms"} <= line.keys()
    return line if is_ours else {}


def _line_of_worker(lines: Sequence[str]) -> dict[str, Any]:
    """Find the line of a delivery: the only ones that count attempts."""
    for line in map(line_of_endpoint, reversed(lines)):
        if "attempt" in line:
            return line
    raise AssertionError("the worker logs every message that it tries")
