"""What the checks can be run against, which checks run there, and running them there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

from cloud.regions import in_every_region
from cloud.stack import deployed_stack
from console.exit_codes import CommandError
from console.outcomes import sorted_out
from console.planned_regions import planned
from console.progress import Steps
from probe.customer_settings import Settings
from probe.deployed_stages import endpoints_of, stages_of
from probe.endpoint_check import Check, Stage
from probe.remedies import Need
from workbench.contract.contract_checks import CheckOutcome, run
from workbench.contract.stage_in_process import stage_in_process
from workbench.contract.stage_of_jar import is_jar, stage_of_jar
from workbench.contract.stages_on_embedded_aws import stages_on_embedded_aws
from workbench.endpoint_target import EndpointTarget

ContractOutcomes = tuple[list[CheckOutcome], list[CommandError]]
"""What the checks came to, and which regions could not be checked at all."""


_OFFERS: dict[EndpointTarget, frozenset[Need]] = {
    EndpointTarget.IN_PROCESS: frozenset({Need.SERVICE, Need.LOG, Need.TIMES, Need.CLASS}),
    EndpointTarget.LOCAL: frozenset({Need.SERVICE, Need.URL}),
    EndpointTarget.DEPLOYED: frozenset({Need.TIMES, Need.URL}),
}
"""What each has for the checks; a URL only where `transports` has https."""


def targets_of(check: Check) -> list[EndpointTarget]:
    """Give the targets on which a check runs; on the others it is skipped."""
    return [target for target, offered in _OFFERS.items() if offered.issuperset(check.needs)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractRun:
    """The checks to run on each stage, until they are done or somebody stops them."""

    checks: Sequence[Check]
    entered: Settings = field(repr=False)
    stop: Event
    progress: Steps

    def on(self, stages: Sequence[Stage]) -> list[CheckOutcome]:
        """Run the checks on one stage after another."""
        outcomes: list[CheckOutcome] = []
        for stage in stages:
            where = f"{stage.endpoint.name}: {stage.endpoint.transport}"
            for number, outcome in enumerate(run(self.checks, stage), start=1):
                outcomes.append(outcome)
                self.progress.report(where, number, len(self.checks), outcome.check.name)
                if self.stop.is_set():
                    return outcomes
        return outcomes


def run_on_target(
    work: ContractRun, target: EndpointTarget, deployment: Path, region: Sequence[str] | None
) -> ContractOutcomes:
    """Run the checks on what a deployment file plans: everywhere, or in its first region.

    Raises `CommandError` when there is nothing to run them on.
    """
    if target is EndpointTarget.LOCAL:
        with stages_on_embedded_aws(deployment, region, entered=work.entered) as stages:
            return work.on(stages), []
    plans = planned(deployment, region)
    if target is EndpointTarget.IN_PROCESS:
        here = stage_of_jar if is_jar(plans[0]) else stage_in_process
        with here(plans[0], entered=work.entered) as stage:
            return work.on([stage]), []
    found, failures = sorted_out(
        in_every_region(
            plans,
            lambda session, plan: work.on(
                stages_of(
                    endpoints_of(session, deployed_stack(session, plan)),
                    entered=work.entered,
                    plan=plan,
                )
            ),
        )
    )
    return [outcome for _, outcomes in found for outcome in outcomes], failures
