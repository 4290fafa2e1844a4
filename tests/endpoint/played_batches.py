"""Batches in simulated time, where hooks and SQS take as long as a test says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from endpoint.batch import Batch
from endpoint.circuit import Circuit
from endpoint.delivery import Delivery
from firehose import DsrProcessingRequest, DsrProcessingResponse, remaining_seconds
from tests.aws.endpoint_sqs import DEAD_LETTERS, QUEUE, Sqs
from tests.endpoint.taker import Taker
from tests.simulation.scheduler import Process, Scheduler, SimulatedThreads


class ProcessEnded(Exception):  # noqa: N818 - what happened
    """The batch has ended its process."""


class Playing(Taker):
    """Takes so many seconds for each message in turn, none when they are used up; may fail then."""

    def __init__(self, scheduler: Scheduler, seconds: Sequence[float]) -> None:
        super().__init__()
        self.begun_at: list[float] = []
        self.told: list[float] = []
        self.error: BaseException | None = None
        self._scheduler = scheduler
        self._seconds = [*seconds]

    def process_dsr_processing_request(
        self, request: DsrProcessingRequest
    ) -> DsrProcessingResponse:
        self.begun_at.append(self._scheduler.now)
        self.told.append(remaining_seconds())
        if self._seconds:
            self._scheduler.sleep(self._seconds.pop(0))
        if self.error:
            raise self.error
        return super().process_dsr_processing_request(request)


@dataclass
class PlayedSqs(Sqs):
    """Takes so many simulated seconds for each operation; has none before a play begins."""

    scheduler: Scheduler | None = None
    takes: float = 0.0

    def _answer(self, operation: str, content: dict[str, Any]) -> dict[str, Any]:
        if self.scheduler and self.takes:
            self.scheduler.sleep(self.takes)
        return super()._answer(operation, content)


class PlayedBatches:
    """One worker; `ended_at` is when its last batch was reported."""

    def __init__(
        self,
        *seconds: float,
        sqs_seconds: float = 0.0,
        parallel: int = 10,
        circuit: Callable[[Scheduler], Circuit] | None = None,
        end_process: Callable[[], NoReturn] | None = None,
    ) -> None:
        self.scheduler = Scheduler(1, check=lambda: None)
        self.integration = Playing(self.scheduler, seconds)
        self.sqs = PlayedSqs(scheduler=self.scheduler, takes=sqs_seconds)
        self.threads = SimulatedThreads(self.scheduler, Process())
        self.ended_at = 0.0
        self.batch = Batch(
            Delivery(
                self.integration,
                queue=self.sqs.queue(QUEUE),
                dead_letters=self.sqs.queue(DEAD_LETTERS),
                attempts=12,
                max_breakdowns=6,
            ),
            parallel=parallel,
            threads=self.threads,
            circuit=circuit(self.scheduler) if circuit else None,
            end_process=end_process or end,
        )

    def deliver(self, *records: dict[str, Any], remaining_seconds: float = 30) -> list[str]:
        """Deliver a batch and let the hooks that it left behind go on until they end.

        Raises `ProcessEnded` if it ends its process.
        """
        return self.deliver_all(records, remaining_seconds=remaining_seconds)[0]

    def deliver_all(
        self, *batches: Sequence[dict[str, Any]], remaining_seconds: float = 30, pause: float = 0.0
    ) -> list[list[str]]:
        """Deliver one batch after another; what one leaves behind is at work during the next.

        `pause` is how many seconds after one the next one comes.
        """
        outcomes: list[list[str] | BaseException] = []

        def play() -> None:
            try:
                for records in batches:
                    failed = self.batch.deliver(records, remaining_seconds=remaining_seconds)
                    outcomes.append(failed)
                    self.ended_at = self.scheduler.now
                    self.scheduler.sleep(pause)
            except ProcessEnded as ended:
                outcomes.append(ended)

        self.scheduler.spawn(play)
        self.scheduler.run()
        if isinstance(outcomes[-1], BaseException):
            raise outcomes[-1]
        return [it for it in outcomes if isinstance(it, list)]


def end() -> NoReturn:
    """End the process in which a batch is played."""
    raise ProcessEnded
