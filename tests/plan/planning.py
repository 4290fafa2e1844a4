"""A plan of a few choices, and the problems of a deployment file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from plan.deployment import Deployment, load
from plan.problems import DeploymentError
from plan.region_plan import RegionPlan
from plan.regions import regions
from plan.target import AWS

JAR = {"runtime": "java25", "handler": "com.acme.Endpoint::handleRequest"}


def planned(**choices: Any) -> RegionPlan:
    return regions(Deployment.model_validate({"name": "acme", **choices}), AWS)[0]


def problems(folder: Path, text: str) -> list[str]:
    file = folder / "deployment.toml"
    file.write_text(f'name = "acme"\n{text}')
    with pytest.raises(DeploymentError) as caught:
        load(file)
    return [str(problem) for problem in caught.value.problems]
