"""The integration in front of its services, loaded again when its code changes."""

from __future__ import annotations

import importlib
from contextlib import ExitStack
from pathlib import Path

from console.exit_codes import CommandError
from console.options import planned
from local.stand_in import Choice
from plan.problems import DeploymentError
from plan.region_plan import RegionPlan
from workbench.memory_sqs import MemorySqs
from workbench.message_runner import MessageRunner
from workbench.pace import Pace, SkippingClock
from workbench.passages import Passages
from workbench.trial_stage import staged


class LoadedStage:
    """One region's integration in this process; `service` answers its calls, none lets them go.

    `runner` is none while it cannot be loaded; `problem` says why. What waits in the queue stays
    there when the code is loaded again. `clock` is that of queue and circuits.
    """

    def __init__(
        self, deployment: Path, region: str | None, *, service: Choice | None, passages: Passages
    ) -> None:
        self._deployment = deployment
        self._service = service
        self._passages = passages
        self._stack = ExitStack()
        self.clock = SkippingClock()
        self._sqs = MemorySqs(self.clock.now)
        self._region = region
        self.plans: tuple[RegionPlan, ...] = planned(deployment)
        self.plan: RegionPlan = planned(deployment, [region] if region else None)[0]
        self.runner: MessageRunner | None = None
        self.problem = ""

    def load(self) -> None:
        """Load the plan and the code as they are now. Raises what they raise, and says it later."""
        self.close()
        importlib.invalidate_caches()
        try:
            self.plans = planned(self._deployment)
            self.plan = planned(self._deployment, [self._region] if self._region else None)[0]
            endpoint = self._stack.enter_context(
                staged(
                    self.plan,
                    service=self._service,
                    passages=self._passages,
                    pace=Pace(now=self.clock.now),
                    sqs=self._sqs,
                )
            )
        except (CommandError, DeploymentError) as error:
            self._stack.close()
            self.problem = str(error)
            raise
        self.problem = ""
        self.runner = MessageRunner(endpoint, self._passages)

    def select(self, region: str) -> None:
        """Take another region's plan from now on. Raises as `load`."""
        self._region = region
        self.load()

    def close(self) -> None:
        """Take everything down; `load` puts it up again."""
        self.runner = None
        self._stack.close()
