"""What is saved as proof: one of each kind and region, whole, and only of one deployment."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from console.exit_codes import CommandError
from ops.proof.proof_file import AnswersProof, LatencyProof, add_proofs, proof_file, read_proofs
from tests.ops.handoff.handed_over import answers, latency


def test_plain_verify_keeps_the_answer_times_of_its_region_and_all_of_others(
    tmp_path: Path,
) -> None:
    file = tmp_path / "build" / "proof.json"
    add_proofs(file, "acme", [answers(), latency(), answers(region="eu-central-1")])
    newer = answers(made_at="2026-11-23T12:00:00+00:00")

    add_proofs(file, "acme", [newer])

    saved = read_proofs(file)
    assert saved.of("us-east-1", AnswersProof) == newer
    assert saved.of("us-east-1", LatencyProof) == latency()
    assert saved.of("eu-central-1", AnswersProof) == answers(region="eu-central-1")
    assert len(saved.proofs) == 3


def test_proof_of_another_deployment_is_not_mixed_with_this_one(tmp_path: Path) -> None:
    file = tmp_path / "proof.json"
    add_proofs(file, "other", [answers()])

    add_proofs(file, "acme", [latency()])

    saved = read_proofs(file)
    assert (saved.deployment, saved.of("us-east-1", AnswersProof)) == ("acme", None)


@pytest.mark.parametrize(
    "text", ["", "[]", "no json", '{"format": 1, "deployment": "acme", "regions": []}']
)
def test_file_of_another_shape_is_no_proof_and_is_replaced(tmp_path: Path, text: str) -> None:
    file = tmp_path / "proof.json"
    file.write_text(text)

    with pytest.raises(CommandError, match="no proof of this version"):
        read_proofs(file)
    add_proofs(file, "acme", [answers()])

    assert read_proofs(file).of("us-east-1", AnswersProof) == answers()


def test_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Next: firehose verify --latency"):
        read_proofs(tmp_path / "proof.json")


def test_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "build").write_text("a file")

    with pytest.raises(CommandError, match="cannot be made"):
        add_proofs(tmp_path / "build" / "proof.json", "acme", [answers()])


def test_saved_proof_holds_no_message_and_no_answer(tmp_path: Path) -> None:
    file = tmp_path / "proof.json"
    add_proofs(file, "acme", [answers()])

    (proof,) = json.loads(file.read_text())["proofs"]
    assert set(proof["answers"][0]) == {
        *("transport", "message", "id", "milliseconds", "limit_ms", "advice")
    }


def test_each_deployment_file_has_a_proof_of_its_own() -> None:
    assert proof_file(Path("staging.toml")) != proof_file(Path("production.toml"))
