"""What `firehose deploy` says at its end, and about what runs where nobody plans it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from plan.region_plan import RegionPlan
from tests.aws.cloud import FakeCloud
from tests.running import Ran, Run

Deploy = Callable[..., Ran]


@pytest.fixture
def deploy(run: Run, cloud: FakeCloud, file: Path, monkeypatch: pytest.MonkeyPatch) -> Deploy:
    """Deploy new code to the double, where every region runs older code and answers right."""

    def deploy_stack(plan: RegionPlan, *, report: Callable[[int, int], None], **_: object) -> None:
        cloud.deploy(plan, "two")
        report(3, 3)

    monkeypatch.setattr("ops.commands.deploy.check_regions", lambda *_, **__: ([], []))
    monkeypatch.setattr("ops.commands.deploy.synthesize", lambda *_, **__: None)
    monkeypatch.setattr("ops.commands.deploy.deploy_stack", deploy_stack)
    monkeypatch.setattr("ops.commands.deploy.call_region", lambda *_: [])
    environment = {"FIREHOSE_DEPLOYMENT": str(file)}
    return lambda *arguments: run("deploy", *arguments, environment=environment)


def test_every_region_is_said_where_it_was_every_region(deploy: Deploy) -> None:
    result = deploy()

    assert result.returncode == 0, result.stderr
    assert result.stderr.splitlines()[-1] == (
        "Every region is deployed and answers. Next: firehose handoff"
    )


def test_regions_are_named_where_it_was_not_every_one(deploy: Deploy) -> None:
    result = deploy("--region", "eu-central-1", "--region", "us-east-1")

    assert result.stderr.splitlines()[-1] == (
        "Deployed, and answers right: us-east-1 and eu-central-1. Next: firehose handoff"
    )
    assert "Every region" not in result.stderr


def test_resources_of_each_region_are_progress_within_a_wave(deploy: Deploy) -> None:
    lines = deploy("--region", "eu-central-1").stderr.splitlines()

    begun = lines.index("Wave 1 of 1: eu-central-1 …")
    assert lines[begun + 1 : begun + 3] == [
        "eu-central-1: resources: 3 of 3",
        "eu-central-1: deployed, answers right",
    ]
