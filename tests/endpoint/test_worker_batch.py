"""Many messages at once, within the time that Lambda leaves."""

from __future__ import annotations

import json

import pytest

from endpoint.circuit import FEWEST_CALLS
from firehose import (
    RejectedMessage,
    RetryableError,
)
from tests.aws.endpoint_sqs import DEAD_LETTERS, QUEUE, Sqs
from tests.endpoint.deliveries import (
    Asking,
    Failing,
    Hanging,
    Slow,
    batch_of,
    counted,
    delivered,
    logged,
    record,
)
from tests.endpoint.log_lines import LogLines

CANARY = "canary-8f2a@example.com"


def test_hook_that_ends_its_thread_fails_its_own_message_only(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert delivered(Failing(SystemExit(CANARY)), record(1), record(2)) == []
    assert [line["error"] for line in logged(capsys)] == ["SystemExit", "SystemExit"]


def test_messages_of_a_batch_are_delivered_at_once_within_the_bound() -> None:
    slow = Slow(0.05)

    assert delivered(slow, *(record(n) for n in range(10)), parallel=4) == []
    assert slow.most == 4


def test_late_result_of_a_message_that_was_given_up_is_logged_and_changes_nothing(
    log_lines: LogLines,
) -> None:
    hanging, sqs = Hanging(after=0), Sqs()

    assert delivered(hanging, record(), sqs=sqs, remaining_seconds=3) == []
    before = list(sqs.requests)
    hanging.gate.set()

    log_lines.wait_for_late(1)
    assert log_lines.outcomes == ["retried", "late"]
    assert sqs.requests == before


def test_no_message_is_begun_when_the_time_is_up() -> None:
    slow = Slow(0)

    assert delivered(slow, record(1), record(2), remaining_seconds=0) == ["message-1", "message-2"]
    assert slow.most == 0


def test_every_message_of_a_batch_is_told_the_time_of_the_batch() -> None:
    asking = Asking()

    assert delivered(asking, *(record(n) for n in range(3)), remaining_seconds=20) == []
    assert len(asking.told) == 3
    # two seconds are kept to settle what is not done
    assert all(10 < seconds <= 18 for seconds in asking.told)


def test_worker_holds_messages_while_the_api_is_down_and_counts_no_try(
    capsys: pytest.CaptureFixture[str],
) -> None:
    down, sqs = Failing(RetryableError("down")), Sqs()
    batch = batch_of(down, sqs, parallel=5)
    batch.deliver([record(n) for n in range(FEWEST_CALLS)], remaining_seconds=30)
    before = len(sqs.sent(QUEUE))

    # the circuit probes after a second, which is later than this batch may last
    assert batch.deliver([record(n, attempt=4) for n in (11, 12)], remaining_seconds=1.2) == []

    copies = sqs.sent(QUEUE)[before:]
    attempts = [copy["MessageAttributes"]["attempt"]["StringValue"] for copy in copies]
    assert attempts == ["4", "4"]
    output = capsys.readouterr().out
    held = [it for it in map(json.loads, output.splitlines()) if it.get("outcome") == "held"]
    assert [line["error"] for line in held] == ["CircuitOpen"] * 2
    assert counted(output)["held"] == 2


def test_message_that_probes_an_api_that_is_well_again_lets_the_others_follow() -> None:
    failing, sqs = Failing(RetryableError("down")), Sqs()
    batch = batch_of(failing, sqs, parallel=5)
    batch.deliver([record(n) for n in range(FEWEST_CALLS)], remaining_seconds=30)
    before = len(sqs.sent(QUEUE))

    failing.error = RejectedMessage("it answers")
    assert batch.deliver([record(n) for n in (11, 12, 13)], remaining_seconds=30) == []

    assert len(sqs.sent(QUEUE)) == before
    assert len(sqs.sent(DEAD_LETTERS)) == 3
