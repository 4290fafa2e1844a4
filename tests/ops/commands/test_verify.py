"""`firehose verify` and `handoff` on two regions: what is saved, and what it then speaks for."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

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
LOAD = ("--latency", "--rate", "600", "--seconds", "1")
Command = Callable[..., Ran]


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
    call: Callable[[], CallOutcome], *, rate: float, seconds: float, **_: object
) -> list[TimedCall]:
    """Make every call; each takes 20 ms of a clock that no other work on this machine slows."""
    return [
        TimedCall(
            due_seconds=number / rate,
            milliseconds=20.0,
            late_ms=0.0,
            outcome=call(),
            cold=number == 0,
        )
        for number in range(round(rate * seconds))
    ]


@pytest.fixture
def deployed(monkeypatch: pytest.MonkeyPatch) -> dict[str, FakeSession]:
    """Deploy two regions, whose functions answer everything right."""
    account = FakeCloud({region: FakeSession(region, checked=False) for region in REGIONS})
    account.put_in_place(monkeypatch)
    monkeypatch.setattr("ops.proof.latency_check.run_load", simulated_load)
    for plan in regions(Deployment.model_validate({"name": "acme", "pods": ["US1", "EU1"]}), AWS):
        account.deploy(plan)
        account.session(plan.region).functions._answer = registered
    return account.sessions


@pytest.fixture
def command(run: Run, tmp_path: Path, deployed: dict[str, FakeSession]) -> Command:
    assert set(deployed) == set(REGIONS)
    file = tmp_path / "acme.toml"
    file.write_text('name = "acme"\npods = ["US1", "EU1"]\n')
    return lambda *words: run(*words, environment={"FIREHOSE_DEPLOYMENT": str(file)})


@pytest.fixture
def saved(tmp_path: Path) -> Callable[[], SavedProofs]:
    return lambda: read_proofs(tmp_path / "build" / "acme.toml" / "proof.json")


Saved = Callable[[], SavedProofs]


def kinds(proofs: SavedProofs) -> set[tuple[str, str]]:
    return {(it.region, type(it).__name__) for it in proofs.proofs}


def test_plain_verify_keeps_the_answer_times(command: Command, saved: Saved) -> None:
    first = command("verify", *LOAD)
    before = saved()

    second = command("verify", "--region", "us-east-1")

    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert kinds(before) == {
        (region, kind) for region in REGIONS for kind in ("AnswersProof", "LatencyProof")
    }
    assert kinds(saved()) == kinds(before)
    assert saved().latency_of("us-east-1") == before.latency_of("us-east-1")


@pytest.mark.parametrize("handler", [pretender.of_another_pair, pretender.needs_events])
def test_verify_that_fails_writes_nothing(
    deployed: dict[str, FakeSession],
    command: Command,
    saved: Saved,
    handler: pretender.Handler,
) -> None:
    command("verify")
    before = saved()
    deployed["eu-central-1"].functions._answer = handler

    failed = command("verify")

    assert failed.returncode == 1
    assert "Nothing is saved: only what holds is proof." in failed.stderr
    assert saved() == before


def test_hand_off_of_what_was_proven_is_green_and_says_how_it_was_measured(
    command: Command, tmp_path: Path
) -> None:
    command("verify", *LOAD)
    folder = tmp_path / "handoff"

    ran = command("handoff", "--folder", str(folder))
    assert ran.returncode == 0, ran.stderr

    content = json.loads((folder / "handoff.json").read_text())
    findings = content["findings"]
    assert [it for it in findings if it["severity"] == "error"] == content["gaps"] == []
    page = (folder / "handoff.html").read_text()
    assert "Proven in every region" in page
    assert "600 a second for 1 s from the operator&#39;s machine" in page
    assert "acme-firehose may serve 1,000 at once" in page


@pytest.mark.parametrize(
    ("reserved", "told"),
    [
        (900, "Lambda lets acme-firehose serve 900 calls at once; mParticle demands 1,000."),
        (None, "Lambda lets acme-firehose serve 573 calls at once; mParticle demands 1,000."),
    ],
)
def test_hand_off_is_refused_while_lambda_allows_too_little(
    deployed: dict[str, FakeSession],
    command: Command,
    tmp_path: Path,
    reserved: int | None,
    told: str,
) -> None:
    command("verify", *LOAD)
    functions = deployed["us-east-1"].functions
    functions._functions["acme-firehose"].reserved = reserved
    functions._limit = 573

    ran = command("handoff", "--folder", str(tmp_path / "handoff"), "--region", "us-east-1")

    assert ran.returncode == 1
    assert not (tmp_path / "handoff").exists()
    assert told in ran.stderr or "reserved concurrency is" in ran.stderr


def test_hand_off_without_proof_is_written_only_when_asked_for_and_marked(
    command: Command, tmp_path: Path
) -> None:
    refused = command("handoff", "--folder", str(tmp_path / "handoff"))
    marked = command("handoff", "--folder", str(tmp_path / "handoff"), "--unproven")

    assert refused.returncode == 1
    assert "cannot be used: No such file or directory" in refused.stderr
    assert marked.returncode == 0, marked.stderr
    page = (tmp_path / "handoff" / "handoff.html").read_text()
    assert "Not proven: 2 gaps" in page
    assert "us-east-1</b>: nothing is proven here." in page
