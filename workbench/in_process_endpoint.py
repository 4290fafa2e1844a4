"""The configured integration in this process, behind the endpoint's own code."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
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

if TYPE_CHECKING:
    from endpoint.batch import Batch
    from workbench.memory_sqs import MemorySqs, StoredMessage


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


class InProcessEndpoint:
    """The endpoint and its worker around one integration object, as in one environment of Lambda.

    `acceptance` is none where the plan queues nothing. `log` has what the function wrote since it
    was loaded. `refused_hosts` names the hosts that the integration was not let through to.
    """

    def __init__(
        self,
        integration: MessageProcessor,
        *,
        plan: RegionPlan,
        log: FunctionLog,
        refused_hosts: Sequence[str],
    ) -> None:
        self.integration = integration
        self.acceptance: Acceptance | None = None
        self.log = log
        self.refused_hosts = refused_hosts
        self._seconds = plan.function.timeout_seconds
        self._sqs: MemorySqs | None = None
        if plan.delivery:
            self._queue(plan.delivery)

    def answer(self, content: bytes | dict[str, Any]) -> dict[str, Any]:
        """Answer a request as the function behind the alias does; what is queued waits here.

        The integration is told how long the planned function may work.
        Raises what `endpoint.answering.answer` raises: `InvalidMessage`, `ProcessingError`.
        """
        with TimeLimit(self._seconds):
            return answer(self.integration, content, self.acceptance)

    @property
    def waiting(self) -> int:
        """How many queued messages have not been delivered; dead letters do not count."""
        return len(self._sqs.messages(self._sqs.QUEUE)) if self._sqs else 0

    @property
    def dead_letters(self) -> list[StoredMessage]:
        """What the worker has given up, each with its reason."""
        return self._sqs.messages(self._sqs.DEAD_LETTERS) if self._sqs else []

    def deliver(self, *, due_only: bool = False) -> list[WorkerTry]:
        """Let the worker try every waiting message once, in their order, one after the other.

        Nobody waits: a message that is to come again later is tried by the next call, unless
        `due_only` leaves it until its time has come.
        """
        sqs = self._sqs
        if sqs is None:
            return []
        waiting = [it for it in sqs.messages(sqs.QUEUE) if it.is_due or not due_only]
        return [self._try(message, sqs) for message in waiting]

    def forget_queued(self) -> None:
        """Empty the queue and the dead letters."""
        if self._sqs:
            self._sqs.clear()

    def _queue(self, delivery: DeliveryPlan) -> None:
        # Loaded where something is queued, as in the function: the AWS SDK takes long to load.
        from endpoint.batch import Batch  # noqa: PLC0415 - see above
        from endpoint.circuit import Circuit  # noqa: PLC0415
        from endpoint.delivery import Delivery  # noqa: PLC0415
        from workbench.memory_sqs import MemorySqs  # noqa: PLC0415

        self._sqs = sqs = MemorySqs()
        # What would overflow into the queue is an error that its author should see.
        self.acceptance = Acceptance(
            sqs.queue(sqs.QUEUE),
            queued=delivery.queued,
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

    def _try(self, message: StoredMessage, sqs: MemorySqs) -> WorkerTry:
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
            message_type=line.get("message_type"),
            message_id=line.get("message_id"),
            outcome=line["outcome"],
            attempt=line["attempt"],
            error=line.get("error"),
            where=line.get("where"),
            wait_seconds=waits,
        )


@contextmanager
def in_process(plan: RegionPlan, *, service_url: str | None) -> Iterator[InProcessEndpoint]:
    """Load the region's integration into this process, for the length of a block.

    Every http(s) URL in the plan's environment leads to `service_url` instead (its path stays), a
    service on this machine (`local.stand_in`), and no connection leaves this machine.
    Without a `service_url` the environment is as planned and every connection is let through.
    Raises what `in_environment` raises.
    """
    planned = plan.function.environment
    environment = led_to(service_url, planned) if service_url else planned
    with in_environment(plan, environment, leaves_machine=service_url is None) as endpoint:
        yield endpoint


@contextmanager
def in_environment(
    plan: RegionPlan, environment: Mapping[str, str], *, leaves_machine: bool
) -> Iterator[InProcessEndpoint]:
    """Load the region's integration with other variables than planned, for the length of a block.

    At the end the integration's `close()` is called, if it has one.

    Raises `CommandError` for another artifact than our package, and when it cannot be loaded.
    """
    name = integration_name(plan)
    no_guard: AbstractContextManager[list[str]] = nullcontext([])
    guard = no_guard if leaves_machine else loopback_only()
    module = name.partition(":")[0]
    with (
        guard as refused,
        function_environment(_variables(plan, environment), module=module) as log,
    ):
        integration = loaded_integration(name)
        try:
            yield InProcessEndpoint(integration, plan=plan, log=log, refused_hosts=refused)
        finally:
            # In Lambda what it keeps ends with the process; this process goes on.
            getattr(integration, "close", lambda: None)()


def _variables(plan: RegionPlan, environment: Mapping[str, str]) -> dict[str, str]:
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
    return dict(environment) | settings.to_environment() | lambdas


def _too_many_hang() -> NoReturn:
    raise CommandError(
        "too many hooks never ended; in Lambda the worker would start anew",
        next_step="let the hook end within what firehose.remaining_seconds() tells",
        exit_code=ExitCode.CHECK_FAILED,
    )


def _line_of_worker(lines: Sequence[str]) -> dict[str, Any]:
    """Find the line of a delivery: the only ones that count attempts."""
    for text in reversed(lines):
        try:
            line = json.loads(text)
        except ValueError:  # something that the integration printed
            continue
        if isinstance(line, dict) and {"outcome", "attempt"} <= line.keys():
            return line
    raise AssertionError("the worker logs every message that it tries")
