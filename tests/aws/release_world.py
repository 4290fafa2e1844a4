"""Two regions of the double, what the operator's checkout would deploy, and who else is at work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from threading import Event
from typing import TypeVar

from console.exit_codes import CommandError
from ops.live.every_region import Found
from ops.live.region import LiveRegion
from ops.release.release import Release
from plan.deployment import Deployment
from plan.names import ALIAS
from plan.region_plan import RegionPlan
from plan.regions import regions
from plan.target import AWS
from tests.aws.function_state import Configuration
from tests.aws.session import FakeSession
from tests.aws.stack_state import DeploymentFailedError, FunctionTemplate, Template

T = TypeVar("T")
PLANS = regions(Deployment.model_validate({"name": "acme", "pods": ["US1", "EU1"]}), AWS)
ENDPOINT, WORKER = "acme-firehose", "acme-firehose-worker"


@dataclass(slots=True)
class World:
    """Two regions, what the operator's checkout would deploy, and who else is at work."""

    random: Random
    checked: bool = False
    code: int = 1
    worker_code: int | None = None
    setting: int = 0
    sessions: dict[str, FakeSession] = field(default_factory=dict)
    fails_in: dict[str, str] = field(default_factory=dict)
    answers_wrong: set[str] = field(default_factory=set)
    interferes: Callable[[str], None] | None = None
    history: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sessions = {
            plan.region: FakeSession(plan.region, checked=self.checked) for plan in PLANS
        }

    def template(self, plan: RegionPlan) -> Template:
        """Synthesize: the worker runs the same package, or one of its own if a test says so."""
        accounts = tuple(account.number for account in plan.invoking_accounts)
        worker = self.worker_code or self.code
        return {
            ENDPOINT: FunctionTemplate(
                configuration=Configuration(f"code-{self.code}", 1024, self.setting),
                accounts=accounts,
                reserved=1000,
            ),
            WORKER: FunctionTemplate(
                configuration=Configuration(f"code-{worker}", 512), reserved=100
            ),
        }

    def cdk_deploy(self, plan: RegionPlan) -> None:
        stacks = self.sessions[plan.region].stacks
        try:
            stacks.deploy(
                plan.stack_name, self.template(plan), fails_at=self.fails_in.get(plan.region)
            )
        except DeploymentFailedError as error:
            raise CommandError(
                f"{plan.region}: cdk deploy failed: {error}", next_step="x"
            ) from None

    def prove(self, live: LiveRegion) -> list[str]:
        if self.interferes:
            self.interferes(live.plan.region)
        return ["wrong answer"] if live.plan.region in self.answers_wrong else []

    def in_regions(self, plans: Sequence[RegionPlan], work: Callable[[LiveRegion], T]) -> Found[T]:
        done: list[tuple[RegionPlan, T]] = []
        failures = []
        for plan in plans:
            try:
                done.append((plan, work(self.sessions[plan.region].live(plan))))
            except CommandError as error:
                failures.append(error)
        return done, failures

    def release(self) -> tuple[Release, list[CommandError]]:
        release = Release(
            waves=[(plan,) for plan in PLANS],
            deploy_stack=self.cdk_deploy,
            prove=self.prove,
            in_regions=self.in_regions,
        )
        return release, release.run(Event())

    def serving(self, plan: RegionPlan) -> dict[str, tuple[int, Configuration]]:
        """Look behind the double: which version each alias serves, and what that is."""
        found = {}
        for name, function in self.sessions[plan.region].functions.states.items():
            number = int(function.aliases[ALIAS].version)
            found[name] = (number, function.versions[number])
        return found
