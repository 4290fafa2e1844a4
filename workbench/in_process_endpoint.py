"""The configured integration in this process, behind the endpoint's own code."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from console.exit_codes import CommandError, ExitCode
from endpoint.acceptance import Acceptance
from endpoint.answering import answer
from endpoint.settings import Settings
from firehose import MessageProcessor, TimeLimit
from local.function_environment import FunctionLog, function_environment, led_to
from plan.region_plan import DeliveryPlan, RegionPlan
from workbench.loaded_integration import integration_name, loaded_integration
from workbench.network_guard import loopback_only
from workbench.outcome_lines import outcome_in

if TYPE_CHECKING:
    from endpoint.batch import Batch
    from endpoint.circuit import Circuit
    from endpoint.overflow import Overflow
    from workbench.memory_sqs import MemorySqs, StoredMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerTry:
    """What the worker did with one try of a queued message, in the words of its log.

    `outcome` is `delivered`, `retried`, `rejected` or `dead` (docs/delivery.md); `attempt` counts
    the tries with this one; `wait_seconds` is how long a retry would wait, 0 otherwise.
    `queued_id` is of the copy that was tried.
    """

    queued_id: str
    message_type: str | None
    message_id: str | None
    outcome: str
    attempt: int
    error: str | None
    where: str | None
    wait_seconds: int


class InProcessEndpoint:
    """The endpoint and its worker around one integration object, as in one environment of Lambda.

    `acceptance` and `queue` are none where the plan queues nothing; a `queue` that is given is used
    on. `circuit` is of the inline work, none where nothing overflows. `log` has what the function
    wrote since it was loaded. `refused_hosts` names those that the integration was not let through
    to.
    """

    def __init__(
        self,
        integration: MessageProcessor,
        *,
        plan: RegionPlan,
        log: FunctionLog,
        refused_hosts: Sequence[str],
        queue: MemorySqs | None = None,
        overflows: bool = False,
    ) -> None:
        self.integration = integration
        self.acceptance: Acceptance | None = None
        self.log = log
        self.refused_hosts = refused_hosts
        self.queue = queue
        self.circuit: Circuit | None = None
        self._seconds = plan.function.timeout_seconds
        if plan.delivery:
            self._connect(plan.delivery, overflows=overflows)

    def answer(self, content: bytes | dict[str, Any]) -> dict[str, Any]:
        """Answer a request as the function behind the alias does; what is queued waits here.

        The integration is told how long the planned function may work.
        Raises what `endpoint.answering.answer` raises: `InvalidMessage`, `ProcessingError`.
        """
        with self.time_limit():
            return answer(self.integration, content, self.acceptance)

    def time_limit(self) -> TimeLimit:
        """Give what tells the integration in a block how long the planned function may work."""
        return TimeLimit(self._seconds)

    @property
    def waiting_ids(self) -> list[str]:
        """The ids of the messages that wait for delivery; dead letters do not count."""
        return [it.id for it in self.waiting_messages()]

    @property
    def dead_letters(self) -> list[StoredMessage]:
        """What the worker has given up, each with its reason."""
        return self.queue.messages(self.queue.DEAD_LETTERS) if self.queue else []

    def waiting_messages(self, *, due_only: bool = False) -> list[StoredMessage]:
        """List what waits for delivery, oldest first; all, or what SQS would hand out by now."""
        if self.queue is None:
            return []
        waiting = self.queue.messages(self.queue.QUEUE)
        return [it for it in waiting if it.is_due or not due_only]

    def deliver(self) -> list[WorkerTry]:
        """Let the worker try every waiting message once, in their order, one after the other.

        Nobody waits: a message that is to come again later is tried by the next call.
        """
        return [self.try_queued(message) for message in self.waiting_messages()]

    def forget_queued(self) -> None:
        """Empty the queue and the dead letters."""
        if self.queue:
            self.queue.clear()

    def _connect(self, delivery: DeliveryPlan, *, overflows: bool) -> None:
        # Loaded where something is queued, as in the function: the AWS SDK takes long to load.
        from endpoint.batch import Batch  # noqa: PLC0415 - see above
        from endpoint.circuit import Circuit  # noqa: PLC0415
        from endpoint.delivery import Delivery  # noqa: PLC0415
        from workbench.memory_sqs import MemorySqs  # noqa: PLC0415

        self.queue = sqs = self.queue or MemorySqs()
        self.acceptance = Acceptance(
            sqs.queue(sqs.QUEUE),
            queued=delivery.queued,
            overflowing=delivery.overflowing,
            # Else what would overflow is an error that its author should see.
            overflow=self._overflow(delivery.overflow_ms) if overflows else None,
        )
        self._worker_seconds = delivery.worker.timeout_seconds
        self._batch: Batch = Batch(
            Delivery(
                self.integration,
                queue=sqs.queue(sqs.QUEUE),
                dead_letters=sqs.queue(sqs.DEAD_LETTERS),
                attempts=delivery.attempts,
                max_breakdowns=delivery.max_receives,
            ),
            parallel=delivery.parallel,
            # every message is tried, however many failed before
            circuit=Circuit(time.monotonic, fewest_calls=sys.maxsize),
            end_process=_too_many_hang,
        )

    def _overflow(self, milliseconds: int) -> Overflow:
        from endpoint.circuit import Circuit  # noqa: PLC0415 - see above
        from endpoint.overflow import Overflow  # noqa: PLC0415
        from endpoint.threads import SystemThreads  # noqa: PLC0415

        self.circuit = Circuit(time.monotonic)
        return Overflow(
            budget_seconds=milliseconds / 1000, threads=SystemThreads(), circuit=self.circuit
        )

    def try_queued(self, message: StoredMessage) -> WorkerTry:
        """Let the worker try one message; what becomes of it is in the queues and in the answer."""
        sqs = self.queue
        if sqs is None:
            raise ValueError("nothing is queued here")
        mark = self.log.mark
        others = {copy.id for copy in sqs.messages(sqs.QUEUE)}
        record = sqs.receive(message)
        if self._batch.deliver([record], remaining_seconds=self._worker_seconds):
            waits = message.wait_seconds
        else:
            sqs.delete(message)
            copies = [copy for copy in sqs.messages(sqs.QUEUE) if copy.id not in others]
            waits = copies[0].wait_seconds if copies else 0
        line = _line_of_worker(self.log.since(mark))
        return WorkerTry(
            queued_id=message.id,
            message_type=line.get("message_type"),
            message_id=line.get("message_id"),
            outcome=line["outcome"],
            attempt=line["attempt"],
            error=line.get("error"),
            where=line.get("where"),
            wait_seconds=waits,
        )


@contextmanager
def in_process(
    plan: RegionPlan,
    *,
    service_url: str | None = None,
    is_guarded: bool = True,
    queue: MemorySqs | None = None,
    overflows: bool = False,
) -> Iterator[InProcessEndpoint]:
    """Load the region's integration into this process, for the length of a block.

    With a `service_url` every http(s) URL in the plan's environment leads there instead (its path
    stays). No connection leaves this machine, unless `is_guarded` is off. A `queue` that is given
    is used on. What the plan lets overflow does so if `overflows`, and is worked on without a
    budget otherwise. At the end the integration's `close()` is called, if it has one.

    Raises `CommandError` for another artifact than our package, and when it cannot be loaded.
    """
    name = integration_name(plan)
    no_guard: AbstractContextManager[list[str]] = nullcontext([])
    guard = loopback_only() if is_guarded else no_guard
    package = name.partition(":")[0].partition(".")[0]
    with (
        guard as refused,
        function_environment(_variables(plan, service_url), module=package) as log,
    ):
        integration = loaded_integration(name)
        try:
            yield InProcessEndpoint(
                integration,
                plan=plan,
                log=log,
                refused_hosts=refused,
                queue=queue,
                overflows=overflows,
            )
        finally:
            # In Lambda what it keeps ends with the process; this process goes on.
            getattr(integration, "close", lambda: None)()


def _variables(plan: RegionPlan, service_url: str | None) -> dict[str, str]:
    own = dict(plan.function.environment)
    settings = Settings(
        integration=plan.function.integration or "",
        queued=plan.queued,
        queue_url="memory:queue",
    )
    lambdas = {
        "AWS_REGION": plan.region,
        "AWS_DEFAULT_REGION": plan.region,
        "AWS_LAMBDA_FUNCTION_NAME": plan.function.name,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(plan.function.memory_mb),
        "AWS_EC2_METADATA_DISABLED": "true",  # else an AWS client looks for credentials there
    }
    return (led_to(service_url, own) if service_url else own) | settings.to_environment() | lambdas


def _too_many_hang() -> NoReturn:
    raise CommandError(
        "too many hooks never ended; in Lambda the worker would start anew",
        next_step="let the hook end within what firehose.remaining_seconds() tells",
        exit_code=ExitCode.CHECK_FAILED,
    )


def _line_of_worker(lines: Sequence[str]) -> dict[str, Any]:
    """Find the line of a delivery: the only ones that count attempts."""
    for text in reversed(lines):
        line = outcome_in(text)
        if line and "attempt" in line:
            return line
    raise AssertionError("the worker logs every message that it tries")
