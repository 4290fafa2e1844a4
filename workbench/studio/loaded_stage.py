"""The integration in front of its services, loaded again when its code changes."""

from __future__ import annotations

import importlib
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from console.exit_codes import CommandError
from console.planned_regions import planned, planned_one
from firehose import ModuleRegistrationResponse
from local.service_calls import Choice
from plan.problems import DeploymentError
from plan.region_plan import RegionPlan
from workbench.loaded_integration import registration_of
from workbench.memory_sqs import MemorySqs, StoredMessage
from workbench.message_runner import MessageRunner
from workbench.pace import Pace, SkippingClock
from workbench.passages import Passages
from workbench.trial_stage import stage


class NotLoaded(Exception):  # noqa: N818 - it says what is the case
    """The integration cannot be loaded as it is now; says why."""


class LoadedStage:
    """One region's integration in this process; `service` answers its calls, none lets them go.

    `problem` says why it is not loaded, `loads` how often that was tried. What waits in the queue
    stays there when the code is loaded again. `clock` is that of queue and circuits. One request is
    let in at a time, and beside it one attempt of the worker.
    """

    def __init__(
        self, deployment: Path, region: str | None, *, service: Choice | None, passages: Passages
    ) -> None:
        self._deployment = deployment
        self._region = region
        self._service = service
        self._passages = passages
        self.clock = SkippingClock()
        self._sqs = MemorySqs(self.clock.now)
        self._stack = ExitStack()
        self._runner: MessageRunner | None = None
        self._endpoint = threading.RLock()
        self._worker = threading.RLock()
        self.problem = ""
        self.loads = 0
        self.plans: tuple[RegionPlan, ...] = planned(deployment)
        self.plan: RegionPlan = planned_one(deployment, region)

    @property
    def waiting(self) -> list[StoredMessage]:
        """What waits for the worker, oldest first."""
        runner = self._runner
        return runner.waiting if runner else []

    @property
    def circuits(self) -> dict[str, bool]:
        """Which circuits there are, and whether each is open."""
        runner = self._runner
        circuits = runner.endpoint.circuits if runner else {}
        return {name: circuit.is_open for name, circuit in circuits.items()}

    @property
    def refused_hosts(self) -> Sequence[str]:
        """The hosts that the integration was not let through to since it was loaded."""
        runner = self._runner
        return runner.endpoint.refused_hosts if runner else ()

    def load(self, *, raises: bool = False) -> None:
        """Load the plan and the code as they are now.

        What stands in the way is the `problem`; if it `raises`, `CommandError` or
        `DeploymentError` as well.
        """
        with self._worker, self._endpoint:
            with suppress(CommandError):  # of code that is gone, and its failing close() with it
                self.close()
            importlib.invalidate_caches()
            try:
                self._load()
                self.problem = ""
            except (CommandError, DeploymentError) as error:
                self._stack.close()
                self.problem = str(error)
                if raises:
                    raise
            finally:
                self.loads += 1

    def select(self, region: str) -> None:
        """Take another region's plan from now on."""
        self._region = region
        self.load()

    def close(self) -> None:
        """Take everything down; `load` puts it up again."""
        self._runner = None
        self._stack.close()

    @contextmanager
    def one_request(self) -> Iterator[MessageRunner]:
        """Let nobody else send for the length of a block. Raises `NotLoaded`."""
        with self._endpoint:
            yield self._loaded()

    @contextmanager
    def one_attempt(self) -> Iterator[MessageRunner]:
        """Let no other attempt begin for the length of a block. Raises `NotLoaded`."""
        with self._worker:
            yield self._loaded()

    @contextmanager
    def alone(self) -> Iterator[MessageRunner]:
        """Keep every message out for the length of a block. Raises `NotLoaded`."""
        with self._worker, self._endpoint:
            yield self._loaded()

    def registration(self) -> ModuleRegistrationResponse:
        """Ask what is loaded what it registers. Raises `NotLoaded` when it does not say it."""
        with self.one_request() as runner:
            try:
                return registration_of(runner.endpoint.integration)
            except CommandError as error:
                raise NotLoaded(str(error)) from None

    def _load(self) -> None:
        self.plans = planned(self._deployment)
        self.plan = planned_one(self._deployment, self._region)
        self._runner = self._stack.enter_context(
            stage(
                self.plan,
                service=self._service,
                passages=self._passages,
                pace=Pace(now=self.clock.now),
                sqs=self._sqs,
            )
        )

    def _loaded(self) -> MessageRunner:
        if self._runner is None:
            raise NotLoaded(self.problem)
        return self._runner
