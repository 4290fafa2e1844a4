"""`firehose verify` and `handoff` on two regions: what is saved, and what it then speaks for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ops.proof.proof_file import LatencyProof, SavedProofs
from tests.aws.session import FakeSession
from tests.ops.commands.verify.conftest import REGIONS, Command, Saved
from tests.workbench.contract import pretender

LOAD = ("--latency", "--rate", "600", "--seconds", "1")


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
    deployed["eu-central-1"].functions.answer = handler

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
    functions.states["acme-firehose"].reserved = reserved
    functions.limit = 573

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
