"""`firehose verify --from-region`: each region measures itself, and leaves nothing there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ops.proof.proof_file import ConcurrencyProof, LatencyProof
from probe.timed_calls import TimedCall
from tests.aws.session import FakeSession
from tests.ops.commands.verify.conftest import Command, Saved

LOAD = ("--latency", "--rate", "600", "--seconds", "1")


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
        assert not session.functions.created
        assert not session.iam.roles
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
    assert not deployed["us-east-1"].functions.created
