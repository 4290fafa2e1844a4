"""`firehose verify` and `handoff` on two regions: what is saved, and what it then speaks for."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from ops.proof import from_region
from ops.proof.proof_file import ConcurrencyProof, LatencyProof, SavedProofs, read_proofs
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
    assert saved().of("us-east-1", LatencyProof) == before.of("us-east-1", LatencyProof)


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


@pytest.fixture
def in_region(deployed: dict[str, FakeSession], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the probe run in this process, at the clock of the simulated load."""
    monkeypatch.setattr(from_region, "_HEAD_START_SECONDS", 0.0)
    monkeypatch.setattr("probe.in_region.run_load", simulated_load)
    monkeypatch.setattr(
        "boto3.client", lambda _, region_name, **__: deployed[region_name].functions
    )


@pytest.mark.usefixtures("in_region")
def test_region_measures_itself_and_the_hand_off_says_so(
    deployed: dict[str, FakeSession], command: Command, saved: Saved, tmp_path: Path
) -> None:
    ran = command("verify", "--latency", "--from-region", "--rate", "250", "--seconds", "2")
    handed = command("handoff", "--folder", str(tmp_path / "handoff"))

    assert ran.returncode == 0, ran.stderr
    assert "us-east-1: 500 calls, 250 a second for 2 s: at most 0.00 USD" in ran.stderr
    latency = saved().of("us-east-1", LatencyProof)
    assert latency
    (load,) = latency.loads
    assert (load.measured_from, load.summary.answered) == ("inside us-east-1", 500)
    for session in deployed.values():
        assert not session.functions._made
        assert not session.iam._roles
    assert handed.returncode == 0, handed.stderr
    text = (tmp_path / "handoff" / "handoff.md").read_text()
    assert "250 a second for 2 s from inside us-east-1" in text


@pytest.mark.usefixtures("in_region")
def test_ramp_that_does_not_fill_what_mparticle_demands_says_which_one_would(
    command: Command, tmp_path: Path
) -> None:
    ran = command("verify", "--from-region", "--ramp", "50:400", "--seconds", "2")

    assert ran.returncode == 1
    assert re.search(
        r"at most \d+ calls were under way at once; mParticle demands 1,000", ran.stderr
    )
    assert re.search(r"Next: --ramp 50:\d{5}\n", ran.stderr)
    assert not (tmp_path / "build").exists()


@pytest.mark.usefixtures("in_region")
def test_ramp_with_room_is_a_proof_of_its_own_and_keeps_the_others(
    command: Command, saved: Saved, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ops.proof.latency_check.MINIMUM_CONCURRENCY", 5)
    command("verify", *LOAD)
    before = saved()

    ran = command("verify", "--from-region", "--ramp", "50:400", "--seconds", "2")
    command("handoff", "--folder", str(tmp_path / "handoff"))

    assert ran.returncode == 0, ran.stderr
    assert saved().of("us-east-1", LatencyProof) == before.of("us-east-1", LatencyProof)
    proof = saved().of("us-east-1", ConcurrencyProof)
    assert proof
    (load,) = proof.loads
    told = f"{load.most_at_once} calls at once over Lambda without a throttle, 50 to 400 a second"
    assert told in (tmp_path / "handoff" / "handoff.md").read_text()


@pytest.mark.usefixtures("in_region")
def test_throttled_ramp_is_no_proof_and_leaves_nothing(
    deployed: dict[str, FakeSession], command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def throttled(_call: object, **_: object) -> list[TimedCall]:
        return [
            TimedCall(due_seconds=0, milliseconds=9, late_ms=0, outcome="throttled", cold=False)
        ]

    monkeypatch.setattr("probe.in_region.run_load", throttled)

    ran = command("verify", "--from-region", "--ramp", "1:2", "--region", "us-east-1")

    assert ran.returncode == 1
    assert "us-east-1: lambda: ramp: 1 throttled and 0 failed of calls" in ran.stderr
    assert not deployed["us-east-1"].functions._made


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--ramp", "1:2"), "--ramp: one machine cannot make so many calls"),
        (("--from-region", "--ramp", "2:1"), "--ramp: found 2:1"),
        (("--from-region", "--ramp", "1:99999"), "--ramp: found 1:99999"),
        (("--from-region", "--ramp", "fast"), "--ramp: found fast"),
        (("--from-region", "--seconds", "900"), "--seconds: found 900"),
    ],
)
def test_load_that_cannot_be_made_is_wrong_usage(
    command: Command, words: tuple[str, ...], told: str
) -> None:
    ran = command("verify", *words)

    assert (ran.returncode, ran.stdout) == (2, "")
    assert told in ran.stderr
