"""The `firehose` command as a person runs it, and AWS as botocore's models describe it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from plan.deployment import Deployment
from plan.region_plan import RegionPlan
from plan.regions import regions
from plan.target import AWS
from tests.running import Ran, Run

ROOT = Path(__file__).parents[2]

REFUSED = """
from firehose import *

class Refused(MessageProcessor):
    def process_registration_request(self, request):
        return ModuleRegistrationResponse(
            name="Acme",
            version="1",
            permissions=Permissions(
                partner_identities=[
                    PartnerIdentityPermission(type="Acme_Id", encoding=Encoding.RAW),
                    PartnerIdentityPermission(type="Acme_Other", encoding=Encoding.RAW),
                ]
            ),
        )
"""

Firehose = Callable[..., subprocess.CompletedProcess[str] | Ran]


@pytest.fixture
def firehose(tmp_path: Path) -> Firehose:
    """Run `firehose` in the project with a home and an environment that hold no credentials.

    In a process of its own; `firehose_here` needs a tenth of the time.
    """

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "ops", *arguments],
            cwd=ROOT,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(tmp_path),
                "AWS_EC2_METADATA_DISABLED": "true",
                "COLUMNS": "80",
                **environment,
            },
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.fixture
def firehose_here(run: Run, monkeypatch: pytest.MonkeyPatch) -> Firehose:
    """Run `firehose` as the fixture of that name does, in this process."""
    monkeypatch.chdir(ROOT)

    def firehose(*arguments: str, **environment: str) -> Ran:
        return run(*arguments, environment={"COLUMNS": "80", **environment})

    return firehose


@pytest.fixture
def plan() -> RegionPlan:
    """Plan the deployment of the defaults in one region, with mParticle's EU pod."""
    (plan,) = regions(Deployment.model_validate({"name": "acme", "pods": ["EU1"]}), AWS)
    return plan


@pytest.fixture
def refused(tmp_path: Path) -> dict[str, str]:
    """Configure an integration whose registration breaks a rule."""
    (tmp_path / "refused_integration.py").write_text(REFUSED)
    file = tmp_path / "deployment.toml"
    file.write_text('name = "acme"\n[code]\nintegration = "refused_integration:Refused"\n')
    return {"FIREHOSE_DEPLOYMENT": str(file), "PYTHONPATH": str(tmp_path)}
