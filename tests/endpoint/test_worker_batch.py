"""Many messages at once, within the time that Lambda leaves."""

from __future__ import annotations

import json
import time
from typing import NoReturn

import pytest

from endpoint.batch import LEFT_BEHIND
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


def test_batch_reports_before_lambda_ends_the_call(log_lines: LogLines) -> None:
    hanging, sqs = Hanging(after=2), Sqs()
    started = time.monotonic()

    failed = delivered(
        hanging, *(record(n) for n in range(5)), sqs=sqs, parallel=2, remaining_seconds=4
    )
    took, outcomes = time.monotonic() - started, log_lines.outcomes
    hanging.gate.set()
    log_lines.wait_for_late(2)

    # two are done in time, two are at work, one was never begun
    assert failed == []
    assert took < 4
    assert sorted(outcomes) == ["delivered", "delivered", "held", "retried", "retried"]
    tries = [copy["MessageAttributes"].get("attempt", {}) for copy in sqs.sent(QUEUE)]
    assert [attempt.get("StringValue") for attempt in tries] == ["1", "1", None]


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


def test_batches_after_one_that_hung_have_all_their_threads(
    log_lines: LogLines,
) -> None:
    hanging = Hanging(after=0)
    batch = batch_of(hanging, Sqs(), parallel=2)
    records = [record(n) for n in range(3)]
    assert batch.deliver(records, remaining_seconds=1.2) == []

    hanging.allow(3)

    assert batch.deliver(records, remaining_seconds=20) == []
    hanging.gate.set()
    log_lines.wait_for_late(2)


def test_process_ends_without_a_message_at_hand_when_too_many_hooks_never_end(
    log_lines: LogLines,
) -> None:
    class Ended(Exception):  # noqa: N818 - what happened
        pass

    def end() -> NoReturn:
        raise Ended

    hanging, sqs = Hanging(after=0), Sqs()
    batch = batch_of(hanging, sqs, parallel=LEFT_BEHIND + 1, end_process=end)
    batch.deliver([record(n) for n in range(LEFT_BEHIND + 1)], remaining_seconds=1.2)

    with pytest.raises(Ended):
        batch.deliver([record(99)], remaining_seconds=30)
    assert sqs.deleted()[-1] == "receipt-99"
    hanging.gate.set()
    log_lines.wait_for_late(LEFT_BEHIND + 1)


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
