"""Every region of an account of the double, for commands that are run whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from endpoint.sampling import Sampling
from ops.live.region import LiveRegion
from plan.deployment import load
from plan.region_plan import FunctionPlan, RegionPlan
from plan.regions import regions
from plan.target import AWS
from tests.aws.function_state import Configuration
from tests.aws.session import FakeSession
from tests.aws.stack_state import FunctionTemplate, Template


@dataclass(slots=True)
class FakeCloud:
    """Sessions by region, made when they are first asked for."""

    sessions: dict[str, FakeSession] = field(default_factory=dict)

    def session(self, region: str) -> FakeSession:
        return self.sessions.setdefault(region, FakeSession(region))

    def live(self, plan: RegionPlan) -> LiveRegion:
        """Read a region as the commands do."""
        return self.session(plan.region).live(plan)

    def put_in_place(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Let commands of this process reach it instead of AWS."""
        monkeypatch.setattr("cloud.regions.session_in", self.session)

    def deploy(self, plan: RegionPlan, code: str = "one") -> None:
        """Bring a region to its plan."""
        session = self.session(plan.region)
        session.stacks.has_queues = plan.delivery is not None
        session.stacks.deploy(plan.stack_name, template_of(plan, code), tags=tags_of(plan))


def template_of(plan: RegionPlan, code: str = "one") -> Template:
    """Make what the CDK would: every function of a region as it is planned."""
    accounts = tuple(account.number for account in plan.invoking_accounts)
    return {
        function.name or f"{plan.name}-Https-1": FunctionTemplate(
            configuration=configuration_of(function, code),
            accounts=accounts if function is plan.invoked else (),
            reserved=function.reserved_concurrency,
        )
        for function in plan.functions
    }


def configuration_of(function: FunctionPlan, code: str) -> Configuration:
    sampling = Sampling(share=function.log_sample).to_environment()
    environment = {**function.environment, **sampling}
    return Configuration(code, function.memory_mb, environment=tuple(environment.items()))


def tags_of(plan: RegionPlan) -> Mapping[str, str]:
    return dict(plan.tags)


def plans_of(file: Path) -> tuple[RegionPlan, ...]:
    """Plan every region of a deployment file on AWS."""
    return regions(load(file), AWS)
