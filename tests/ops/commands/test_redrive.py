"""`firehose redrive`: what it counts and moves in each region, and what it says of the rest."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.aws.cloud import FakeCloud
from tests.aws.letters import FakeLetters
from tests.running import Ran, Run

REGION = "us-east-1"
QUEUE = f"https://sqs.{REGION}.amazonaws.com/1/QueueUrl"
DEAD = f"https://sqs.{REGION}.amazonaws.com/1/DeadLetterQueueUrl"
PACE, EACH = "100000", "a second in each region"
UNANSWERED = "the worker broke down over it, or had no time for it"
Redrive = Callable[..., Ran]


@pytest.fixture
def letters(cloud: FakeCloud, monkeypatch: pytest.MonkeyPatch) -> FakeLetters:
    """Let every region have queues, and one of them dead letters of two reasons."""
    for session in cloud.sessions.values():
        monkeypatch.setitem(session._clients, "sqs", FakeLetters())
    letters: FakeLetters = cloud.session(REGION).client("sqs")
    for number in range(12):
        letters.put(DEAD, f"canary-{number}", group="1042", reason="RejectedMessage")
    letters.put(DEAD, "canary-unanswered", group="1042")
    return letters


@pytest.fixture
def redrive(run: Run, file: Path) -> Redrive:
    """Redrive, as quickly as it goes unless told otherwise; no payload is ever shown."""

    def redrive(*options: str) -> Ran:
        environment = {"FIREHOSE_DEPLOYMENT": str(file)}
        ran = run("redrive", "--rate", PACE, *options, environment=environment)
        assert "canary" not in ran.stdout + ran.stderr
        return ran

    return redrive


def test_dry_run_counts_by_reason_and_moves_nothing(letters: FakeLetters, redrive: Redrive) -> None:
    counted = redrive("--dry-run", "--format", "json")

    assert json.loads(counted.stdout) == [
        {"region": REGION, "reason": "RejectedMessage", "messages": 12},
        {"region": REGION, "reason": UNANSWERED, "messages": 1},
    ]
    assert (counted.returncode, counted.stderr.splitlines()) == (
        0,
        ["eu-central-1: no dead letters", "ap-southeast-2: no dead letters"],
    )
    assert (len(letters.shown[DEAD]), letters.shown[QUEUE]) == (13, [])


def test_dry_run_reads_no_more_than_asked_for_and_says_so(
    letters: FakeLetters, redrive: Redrive
) -> None:
    counted = redrive("--dry-run", "--region", REGION, "--most", "5", "--format", "json")

    assert [row["messages"] for row in json.loads(counted.stdout)] == [5]
    assert counted.stderr == f"{REGION}: read 5 of about 13; --most reads more\n"
    assert len(letters.shown[DEAD]) == 13


def test_dry_run_reads_a_thousand_unless_told_otherwise(
    letters: FakeLetters, redrive: Redrive
) -> None:
    for number in range(1_000):
        letters.put(DEAD, str(number), group="1", reason="KeyError")

    counted = redrive("--dry-run", "--region", REGION)

    assert counted.stderr == f"{REGION}: read 1000 of about 1013; --most reads more\n"


def test_all_are_moved_with_progress(letters: FakeLetters, redrive: Redrive) -> None:
    moved = redrive("--format", "json")

    assert json.loads(moved.stdout) == [
        {"region": REGION, "reason": "RejectedMessage", "moved": 12},
        {"region": REGION, "reason": UNANSWERED, "moved": 1},
    ]
    assert (moved.returncode, moved.stderr.splitlines()) == (
        0,
        [
            f"Moving dead letters with any reason back to the queue, {PACE} {EACH} …",
            f"{REGION}: dead letters: 13 of 13",
            "eu-central-1: no dead letters",
            "ap-southeast-2: no dead letters",
        ],
    )
    assert (len(letters.shown[QUEUE]), letters.shown[DEAD]) == (13, [])


def test_one_reason_is_moved_and_the_others_are_said_to_stay(
    letters: FakeLetters, redrive: Redrive
) -> None:
    moved = redrive("--region", REGION, "--reason", UNANSWERED, "--format", "json")

    assert json.loads(moved.stdout) == [{"region": REGION, "reason": UNANSWERED, "moved": 1}]
    assert moved.stderr.startswith(f"Moving dead letters with the reason '{UNANSWERED}' back")
    assert moved.stderr.endswith(f"{REGION}: 12 have another reason and stay\n")
    assert letters.bodies(QUEUE) == ["canary-unanswered"]


@pytest.mark.parametrize(("most", "moved"), [("5", 5), ("99", 13)])
def test_no_more_are_moved_than_asked_for(
    letters: FakeLetters, redrive: Redrive, most: str, moved: int
) -> None:
    assert redrive("--region", REGION, "--most", most).returncode == 0
    assert len(letters.shown[QUEUE]) == moved


def test_letters_that_sqs_refuses_are_told_with_the_next_step(
    letters: FakeLetters, redrive: Redrive
) -> None:
    letters.refused = {"canary-3"}

    refused = redrive("--region", REGION)

    assert refused.returncode == 1
    assert refused.stderr.endswith(
        f"{REGION}: SQS refused 1 messages; they are dead letters still"
        f"\nNext: firehose status --region {REGION}, then run it again\n"
    )
    assert "canary-3" in letters.bodies(DEAD)


@pytest.mark.usefixtures("letters")
def test_fifty_a_second_are_moved_unless_told_otherwise(run: Run, file: Path) -> None:
    started = run("redrive", environment={"FIREHOSE_DEPLOYMENT": str(file)}).stderr

    assert started.startswith(
        "Moving dead letters with any reason back to the queue, 50 a second in each region …\n"
    )


def test_deployment_that_queues_nothing_has_no_dead_letters(redrive: Redrive, file: Path) -> None:
    families = 'events = "inline"\naudiences = "inline"\ndsr = "inline"\n'
    file.write_text(f'name = "acme"\n[processing]\n{families}[queue]\nkeep = false\n')

    refused = redrive()

    assert (refused.returncode, refused.stdout) == (2, "")
    assert "queues nothing, so there are no dead letters" in refused.stderr


def test_ctrl_c_stops_after_the_batch_at_hand(
    letters: FakeLetters, redrive: Redrive, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = letters.send_message_batch

    def send_message_batch(**parameters: Any) -> Any:
        os.kill(os.getpid(), signal.SIGINT)
        return send(**parameters)

    monkeypatch.setattr(letters, "send_message_batch", send_message_batch)

    stopped = redrive("--region", REGION, "--rate", "1", "--format", "json")

    assert stopped.returncode == 130
    assert [row["moved"] for row in json.loads(stopped.stdout)] == [10]
    assert stopped.stderr.endswith(
        "Stopped; what is not counted above is still a dead letter.\nNext: run it again\n"
    )
