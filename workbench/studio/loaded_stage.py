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
from workbench.in_process_endpoint import in_process
from workbench.message_runner import MessageRunner
from workbench.partner_services import partner_services
from workbench.passages import Passages
from workbench.trial_stage import led


class LoadedStage:
    """One region's integration in this process; `choose` answers its calls, none lets them go.

    `runner` is none while it cannot be loaded; `problem` says why. What waits in the queue stays
    there when the code is loaded again.
    """

    def __init__(
        self, deployment: Path, region: str | None, *, choose: Choice | None, passages: Passages
    ) -> None:
        self._deployment = deployment
        self._choose = choose
        self._passages = passages
        self._stack = ExitStack()
        self._region = region
        self.plans: tuple[RegionPlan, ...] = planned(deployment)
        self.plan: RegionPlan = planned(deployment, [region] if region else None)[0]
        self.runner: MessageRunner | None = None
        self.problem = ""

    def load(self) -> None:
        """Load the plan and the code as they are now. Raises what they raise, and says it later."""
        queue = self.runner.endpoint.queue if self.runner else None
        self.close()
        importlib.invalidate_caches()
        try:
            self.plans = planned(self._deployment)
            self.plan = planned(self._deployment, [self._region] if self._region else None)[0]
            environment = self._stack.enter_context(
                partner_services(
                    self.plan.function.environment,
                    choose=self._choose,
                    observe=self._passages.note_call,
                )
            )
            endpoint = self._stack.enter_context(
                in_process(
                    led(self.plan, environment),
                    is_guarded=self._choose is not None,
                    queue=queue,
                    overflows=True,
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
