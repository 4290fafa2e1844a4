"""A release to the double: what it meets around itself, and the command."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from ops.live.region import LiveRegion
from ops.proof.verdicts import Verdict
from ops.readiness.checks import ReadinessCheck
from plan.region_plan import RegionPlan
from probe.endpoint_answer import EndpointAnswer
from tests.aws.cloud import FakeCloud
from tests.running import Ran, Run

Deploy = Callable[..., Ran]


@dataclass
class Around:
    """What a deployment meets: checks, wrong answers by region, and a region with a Ctrl-C."""

    checks: list[ReadinessCheck] = field(default_factory=list)
    wrong: dict[str, str] = field(default_factory=dict)
    ctrl_c_in: str | None = None
    asked: list[tuple[bool, bool]] = field(default_factory=list)
    synthesized: list[Path] = field(default_factory=list)

    def check_regions(
        self, _chosen: object, *, is_part: bool, keep: bool
    ) -> tuple[list[ReadinessCheck], list[Any]]:
        self.asked.append((is_part, keep))
        return self.checks, []

    def call_region(self, live: LiveRegion, _settings: object) -> list[Verdict]:
        answer = EndpointAnswer(status=200, content={}, milliseconds=1.0)
        region = live.plan.region
        problems = {"event_processing_request": self.wrong.get(region), "audience": None}
        return [
            Verdict(
                region=region,
                transport="lambda",
                message=message,
                id="m-1",
                answer=answer,
                problem=problem,
                advice=None,
            )
            for message, problem in problems.items()
        ]


@pytest.fixture
def around() -> Around:
    return Around()


@pytest.fixture
def deploy(
    run: Run, cloud: FakeCloud, file: Path, around: Around, monkeypatch: pytest.MonkeyPatch
) -> Deploy:
    """Deploy new code to the double, where every region runs older code and answers right."""

    def deploy_stack(plan: RegionPlan, *, report: Callable[[int, int], None], **_: object) -> None:
        if plan.region == around.ctrl_c_in:
            os.kill(os.getpid(), signal.SIGINT)
        cloud.deploy(plan, "two")
        report(3, 3)

    monkeypatch.setattr("ops.commands.deploy.check_regions", around.check_regions)
    monkeypatch.setattr(
        "ops.commands.deploy.synthesize", lambda file, **_: around.synthesized.append(file)
    )
    monkeypatch.setattr("ops.commands.deploy.deploy_stack", deploy_stack)
    monkeypatch.setattr("ops.commands.deploy.call_region", around.call_region)
    environment = {"FIREHOSE_DEPLOYMENT": str(file)}
    return lambda *arguments: run("deploy", *arguments, environment=environment)
