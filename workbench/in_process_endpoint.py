"""The configured integration in this process, behind the endpoint's own code."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from typing import TYPE_CHECKING, Any

from console.exit_codes import CommandError
from endpoint.acceptance import Acceptance
from endpoint.answering import answer
from endpoint.circuit import Circuit
from endpoint.overflow import Overflow
from endpoint.settings import Settings
from firehose import MessageProcessor, TimeLimit
from local.function_environment import FunctionLog, function_environment, told_by_lambda
from plan.fields import TransportName
from plan.function import package_of
from plan.region_plan import DeliveryPlan, RegionPlan
from workbench.gateway_event import GatewayEvent
from workbench.in_process_worker import InProcessWorker, WorkerTry
from workbench.loaded_integration import integration_name, loaded_integration
from workbench.memory_sqs import MemorySqs
from workbench.network_guard import loopback_only
from workbench.pace import AS_DEPLOYED, Pace, WatchedThreads
from workbench.partner_trace import trace_of

if TYPE_CHECKING:
    from endpoint.tokens import Tokens


class InProcessEndpoint:
    """The endpoint and its worker around one integration object, as in one environment of Lambda.

    `worker` is none where the plan queues nothing; else `acceptances` has what takes messages into
    the queue, by the budget of each transport. `circuits` has those of the transports with
    inline work that overflows, and the worker's, by name. `log` has what the function wrote since
    it was loaded. `refused_hosts` names the hosts that the integration was not let through to.
    """

    def __init__(
        self,
        load: Callable[[], MessageProcessor],
        *,
        plan: RegionPlan,
        log: FunctionLog,
        refused_hosts: Sequence[str],
        pace: Pace = AS_DEPLOYED,
        sqs: MemorySqs | None = None,
    ) -> None:
        self.log = log
        self.refused_hosts = refused_hosts
        self._load = load
        self._plan = plan
        self._pace = pace
        self._start(sqs)

    def _start(self, sqs: MemorySqs | None = None) -> None:
        self.integration = self._load()
        self._threads = WatchedThreads(self._pace.now)
        self.worker: InProcessWorker | None = None
        self.circuits: dict[str, Circuit] = {}
        self.acceptances: dict[TransportName, Acceptance] = {}
        if self._plan.delivery:
            self._queue(self._plan.delivery, sqs or MemorySqs(self._pace.now))

    def start_anew(self) -> None:
        """Do as a new environment of Lambda: another integration object, and empty queues."""
        self.settle()
        self.close()
        self._start()

    def close(self) -> None:
        """Close the integration, if it has a `close()`.

        In Lambda what it keeps ends with the process; this process goes on. Raises `CommandError`
        when that `close()` fails, with the partner's part of the trace.
        """
        try:
            getattr(self.integration, "close", lambda: None)()
        except Exception as error:  # whatever the partner's code raises
            raise CommandError(
                f"close() of the integration failed:\n{trace_of(error)}",
                next_step="mend what the last lines name",
            ) from None

    def answer(self, content: bytes | dict[str, Any]) -> dict[str, Any]:
        """Answer a request as the function behind the alias does; what is queued waits here.

        Where mParticle only posts, as the function behind the HTTP API does. The integration is
        told how long it may work.
        Raises what `endpoint.answering.answer` raises: `InvalidMessage`, `ProcessingError`.
        """
        transport: TransportName = "lambda" if "lambda" in self._plan.transports else "https"
        with self._time_limit():
            return answer(self.integration, content, self.acceptances.get(transport))

    def answer_http(self, event: GatewayEvent, tokens: Tokens) -> dict[str, Any]:
        """Answer a request as the function behind the HTTP API does; never raises."""
        # Loaded where somebody posts, because it loads the AWS SDK.
        from endpoint.front_door import FrontDoor  # noqa: PLC0415 - see above

        door = FrontDoor(self.integration, acceptance=self.acceptances.get("https"), tokens=tokens)
        with self._time_limit():
            return door.answer(event)

    def _time_limit(self) -> TimeLimit:
        return TimeLimit(self._plan.function.timeout_seconds)

    def deliver(self, *, due_only: bool = False) -> list[WorkerTry]:
        """Let the worker try what waits; see `InProcessWorker.deliver`."""
        return self.worker.deliver(due_only=due_only) if self.worker else []

    def settle(self) -> bool:
        """Wait for hooks that were left behind, as long as the function may run.

        Tell whether all have ended.
        """
        return self._threads.wait_until_idle(self._plan.function.timeout_seconds)

    def _queue(self, delivery: DeliveryPlan, sqs: MemorySqs) -> None:
        self.worker = InProcessWorker(
            self.integration, delivery=delivery, sqs=sqs, log=self.log, pace=self._pace
        )
        budgets_ms: dict[TransportName, int] = {
            "lambda": delivery.overflow_ms,
            "https": (self._plan.https or delivery).overflow_ms,
        }
        for transport, budget_ms in budgets_ms.items():
            overflow = self._overflow(transport, budget_ms) if delivery.overflowing else None
            self.acceptances[transport] = Acceptance(
                sqs.queue(sqs.QUEUE),
                queued=delivery.queued,
                overflowing=delivery.overflowing,
                overflow=overflow,
            )
        self.circuits["worker"] = self.worker.circuit

    def _overflow(self, transport: TransportName, budget_ms: int) -> Overflow:
        circuit = Circuit(self._pace.now, fewest_calls=self._pace.fewest_calls)
        self.circuits[transport] = circuit
        return Overflow(
            budget_seconds=budget_ms / 1000 * self._pace.budget_factor,
            threads=self._threads,
            circuit=circuit,
        )


@contextmanager
def in_environment(
    plan: RegionPlan,
    environment: Mapping[str, str],
    *,
    leaves_machine: bool,
    pace: Pace = AS_DEPLOYED,
    sqs: MemorySqs | None = None,
) -> Iterator[InProcessEndpoint]:
    """Load the region's integration with other variables than planned, for the length of a block.

    Queues that are given are used on, with what waits there. At the end the integration's `close()`
    is called, if it has one.

    Raises `CommandError` for another artifact than our package, and when it cannot be loaded.
    """
    name = integration_name(plan)
    no_guard: AbstractContextManager[list[str]] = nullcontext([])
    guard = no_guard if leaves_machine else loopback_only()
    with (
        guard as refused,
        function_environment(_variables(plan, environment), module=package_of(name)) as log,
    ):
        endpoint = InProcessEndpoint(
            partial(loaded_integration, name),
            plan=plan,
            log=log,
            refused_hosts=refused,
            pace=pace,
            sqs=sqs,
        )
        try:
            yield endpoint
        finally:
            endpoint.close()


def _variables(plan: RegionPlan, environment: Mapping[str, str]) -> dict[str, str]:
    settings = Settings(
        integration=plan.function.integration or "",
        queued=plan.queued,
        overflowing=plan.overflowing,
        overflow_ms=plan.delivery.overflow_ms if plan.delivery else 0,
        queue_url="memory:queue",
    )
    return dict(environment) | settings.to_environment() | told_by_lambda(plan)
