"""Two regions deployed, `firehose` with their deployment file, and what is saved of a proof."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from ops.proof import from_region
from ops.proof.proof_file import SavedProofs, read_proofs
from plan.deployment import Deployment
from plan.regions import regions
from plan.target import AWS
from probe.timed_calls import CallOutcome, TimedCall
from tests.aws.cloud import FakeCloud
from tests.aws.session import FakeSession
from tests.running import Ran, Run
from tests.workbench.contract import pretender

REGIONS = ("us-east-1", "eu-central-1")
Command = Callable[..., Ran]
Saved = Callable[[], SavedProofs]


def registered(message: Any) -> Any:
    """Answer right, with all that a registration needs."""
    content = pretender.right(message)
    if content["type"] == "module_registration_response":
        content["event_processing_registration"] |= {
            "supported_event_types": ["custom_event"],
            "supported_runtime_environments": ["ios"],
        }
    return content


def simulated_load(
    call: Callable[[], CallOutcome], *, due: Sequence[float], **_: object
) -> list[TimedCall]:
    """Make every call; each takes 20 ms of a clock that no other work on this machine slows."""
    return [
        TimedCall(
            due_seconds=moment,
            milliseconds=20.0,
            late_ms=0.0,
            outcome=call(),
            cold=number == 0,
        )
        for number, moment in enumerate(due)
    ]


@pytest.fixture
def deployed(monkeypatch: pytest.MonkeyPatch) -> dict[str, FakeSession]:
    """Deploy two regions, whose functions answer everything right."""
    account = FakeCloud({region: FakeSession(region, checked=False) for region in REGIONS})
    account.put_in_place(monkeypatch)
    monkeypatch.setattr("ops.proof.latency_check.run_load", simulated_load)
    for plan in regions(Deployment.model_validate({"name": "acme", "pods": ["US1", "EU1"]}), AWS):
        account.deploy(plan)
        account.session(plan.region).functions.answer = registered
    return account.sessions


@pytest.fixture
def command(run: Run, tmp_path: Path, deployed: dict[str, FakeSession]) -> Command:
    assert set(deployed) == set(REGIONS)
    file = tmp_path / "acme.toml"
    file.write_text('name = "acme"\npods = ["US1", "EU1"]\n')
    return lambda *words: run(*words, environment={"FIREHOSE_DEPLOYMENT": str(file)})


@pytest.fixture
def saved(tmp_path: Path) -> Saved:
    return lambda: read_proofs(tmp_path / "build" / "acme.toml" / "proof.json")


@pytest.fixture
def in_region(deployed: dict[str, FakeSession], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the probe run in this process, at the clock of the simulated load."""
    monkeypatch.setattr(from_region, "_HEAD_START_SECONDS", 0.0)
    monkeypatch.setattr("probe.in_region.run_load", simulated_load)
    monkeypatch.setattr(
        "boto3.client", lambda _, region_name, **__: deployed[region_name].functions
    )
