"""A deployment of three regions over both transports, on the double of AWS."""

from __future__ import annotations

from pathlib import Path

import pytest

from plan.region_plan import RegionPlan
from tests.aws.cloud import FakeCloud, plans_of


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "deployment.toml"
    path.write_text('name = "acme"\ntransports = ["lambda", "https"]\n')
    return path


@pytest.fixture
def plans(file: Path) -> tuple[RegionPlan, ...]:
    return plans_of(file)


@pytest.fixture
def cloud(plans: tuple[RegionPlan, ...], monkeypatch: pytest.MonkeyPatch) -> FakeCloud:
    """Deploy every region as it is planned, where commands of this process find it."""
    cloud = FakeCloud()
    for plan in plans:
        cloud.deploy(plan)
    cloud.put_in_place(monkeypatch)
    return cloud
