"""The `firehose` command as a person runs it, and AWS as botocore's models describe it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from plan.deployment import Deployment
from plan.regions import RegionPlan, regions
from plan.target import AWS
from tests.running import Ran, Run

ROOT = Path(__file__).parents[2]

Firehose = Callable[..., Ran]


@pytest.fixture
def firehose(run: Run, monkeypatch: pytest.MonkeyPatch) -> Firehose:
    """Run `firehose` in the project with a home and an environment that hold no credentials."""
    monkeypatch.chdir(ROOT)

    def firehose(*arguments: str, **environment: str) -> Ran:
        return run(*arguments, environment={"COLUMNS": "80", **environment})

    return firehose


@pytest.fixture
def plan() -> RegionPlan:
    """Plan the deployment of the defaults in one region, with mParticle's EU pod."""
    (plan,) = regions(Deployment.model_validate({"name": "acme", "pods": ["EU1"]}), AWS)
    return plan
