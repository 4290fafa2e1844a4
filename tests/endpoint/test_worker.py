"""What becomes of each queued message: delivered, tried again later, or a dead letter."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from endpoint.backoff import LONGEST_SECONDS, wait_seconds
from endpoint.batch import Batch
from endpoint.delivery import Delivery
from firehose import (
    DsrProcessingRequest,
    DsrProcessingResponse,
    InvalidCredentials,
    RejectedMessage,
    RetryableError,
)
from integration import Integration
from tests.endpoint.sqs import DEAD_LETTERS, QUEUE, Sqs

MESSAGES = Path(__file__).parents[2] / "ops" / "messages"
CANARY = "canary-8f2a@example.com"
BODY = (MESSAGES / "dsr_processing_request.json").read_text(encoding="utf-8")


class Failing(Integration):
    """Raises what it is made with, as a partner's code would: with a user's data in the text."""

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self.error = error

    def process_dsr_processing_request(self, request: DsrProcessingRequest) -> NoReturn:
        raise self.error


class Slow(Integration):
    """Takes its time, and knows how many messages were at work at once."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds
        self.at_work = self.most = 0
        self._lock = threading.Lock()

    def process_dsr_processing_request(
        self, request: DsrProcessingRequest
    ) -> DsrProcessingResponse:
        with self._lock:
            self.at_work += 1
            self.most = max(self.most, self.at_work)
        time.sleep(self.seconds)
        with self._lock:
            self.at_work -= 1
        return super().process_dsr_processing_request(request)


@pytest.fixture(autouse=True)
def no_delivery_outlives_its_test() -> Iterator[None]:
    yield
    for thread in threading.enumerate():
        if thread.name.startswith("delivery"):
            thread.join()


def record(
    number: int = 1, *, body: str = BODY, receives: int = 1, attempt: int = 0
) -> dict[str, Any]:
    attribute = {"stringValue": str(attempt), "dataType": "Number"}
    return {
        "messageId": f"message-{number}",
        "receiptHandle": f"receipt-{number}",
        "body": body,
        "attributes": {"ApproximateReceiveCount": str(receives), "MessageGroupId": "1001"},
        "messageAttributes": {"attempt": attribute} if attempt else {},
    }


def delivered(
    integration: Integration,
    *records: dict[str, Any],
    sqs: Sqs | None = None,
    parallel: int = 10,
    remaining_seconds: float = 30,
) -> list[str]:
    """Deliver a batch; give the ids of the messages that SQS has to hand out again."""
    sqs = sqs or Sqs()
    delivery = Delivery(
        integration,
        queue=sqs.queue(QUEUE),
        dead_letters=sqs.queue(DEAD_LETTERS),
        attempts=12,
        max_receives=6,
    )
    return Batch(delivery, parallel=parallel).deliver(records, remaining_seconds=remaining_seconds)


def logged(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_delivered_message_leaves_the_queue(capsys: pytest.CaptureFixture[str]) -> None:
    sqs = Sqs()

    assert delivered(Integration(), record(), sqs=sqs) == []
    assert sqs.requests == []
    (line,) = logged(capsys)
    assert (line["outcome"], line["delivered"], line["attempt"]) == ("delivered", 1, 1)


def test_one_poison_record_does_not_keep_the_other_nine() -> None:
    sqs = Sqs()
    records = [record(n) for n in range(9)] + [record(9, body=f"not JSON {CANARY}")]

    assert delivered(Integration(), *records, sqs=sqs) == []

    (dead,) = sqs.sent(DEAD_LETTERS)
    assert dead["MessageBody"] == f"not JSON {CANARY}"


@pytest.mark.parametrize(
    "body",
    [
        "",
        CANARY,
        "[]",
        '{"type": "nothing_we_know", "user": "canary-8f2a@example.com"}',
        '{"type": "event_processing_response", "id": "canary-8f2a@example.com"}',
    ],
)
def test_unreadable_record_is_dead_with_a_reason_and_no_payload(
    body: str, capsys: pytest.CaptureFixture[str]
) -> None:
    sqs = Sqs()

    assert delivered(Integration(), record(body=body), sqs=sqs) == []

    (dead,) = sqs.sent(DEAD_LETTERS)
    assert dead["MessageAttributes"]["reason"]["StringValue"].startswith("InvalidMessage: ")
    output = capsys.readouterr()
    assert CANARY not in output.out + output.err
    line = json.loads(output.out)
    assert (line["outcome"], line["dead"]) == ("dead", 1)


@pytest.mark.parametrize("error", [RejectedMessage(CANARY), InvalidCredentials(CANARY)])
def test_lasting_failure_is_a_dead_letter_at_once(
    error: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    sqs = Sqs()

    assert delivered(Failing(error), record(), sqs=sqs) == []

    (dead,) = sqs.sent(DEAD_LETTERS)
    assert dead["MessageBody"] == BODY
    assert dead["MessageGroupId"] == "1001"
    assert dead["MessageAttributes"]["reason"]["StringValue"] == type(error).__name__
    output = capsys.readouterr()
    assert CANARY not in output.out + output.err
    assert json.loads(output.out)["rejected"] == 1


@pytest.mark.parametrize("error", [RetryableError(CANARY), ValueError(CANARY), KeyError(CANARY)])
def test_passing_or_unknown_failure_is_tried_again(
    error: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    sqs = Sqs()

    assert delivered(Failing(error), record(), sqs=sqs) == ["message-1"]

    (hidden,) = sqs.hidden()
    assert 1 <= hidden["VisibilityTimeout"] <= 2
    assert hidden["ReceiptHandle"] == "receipt-1"
    output = capsys.readouterr()
    assert CANARY not in output.out + output.err
    assert json.loads(output.out)["retried"] == 1


def test_wait_of_up_to_30_seconds_is_spent_in_the_queue() -> None:
    sqs = Sqs()
    error = RetryableError("busy", retry_after_seconds=30)

    assert delivered(Failing(error), record(), sqs=sqs) == ["message-1"]
    assert [hidden["VisibilityTimeout"] for hidden in sqs.hidden()] == [30]
    assert sqs.sent(QUEUE) == []


def test_longer_wait_is_a_new_copy_that_knows_its_attempts() -> None:
    sqs = Sqs()
    error = RetryableError("busy", retry_after_seconds=31)

    assert delivered(Failing(error), record(receives=2, attempt=3), sqs=sqs) == []

    (copy,) = sqs.sent(QUEUE)
    assert (copy["MessageBody"], copy["MessageGroupId"], copy["DelaySeconds"]) == (BODY, "1001", 31)
    assert copy["MessageAttributes"]["attempt"]["StringValue"] == "5"
    assert sqs.hidden() == []


def test_wait_beyond_what_sqs_delays_is_cut() -> None:
    sqs = Sqs()

    delivered(Failing(RetryableError("busy", retry_after_seconds=86_400)), record(), sqs=sqs)

    assert [copy["DelaySeconds"] for copy in sqs.sent(QUEUE)] == [900]


def test_copy_received_so_often_that_sqs_would_bury_it_is_renewed() -> None:
    sqs = Sqs()
    error = RetryableError("busy", retry_after_seconds=1)

    assert delivered(Failing(error), record(receives=6), sqs=sqs) == []
    assert [copy["DelaySeconds"] for copy in sqs.sent(QUEUE)] == [1]


def test_message_out_of_attempts_is_dead_with_its_last_error() -> None:
    sqs = Sqs()

    assert delivered(Failing(ValueError(CANARY)), record(receives=2, attempt=10), sqs=sqs) == []

    (dead,) = sqs.sent(DEAD_LETTERS)
    reason = dead["MessageAttributes"]["reason"]["StringValue"]
    assert reason == "ValueError, after 12 attempts"


@pytest.mark.parametrize(
    ("error", "refused"),
    [
        (RejectedMessage("no"), "SendMessage"),
        (RetryableError("busy"), "ChangeMessageVisibility"),
        (RetryableError("busy", retry_after_seconds=60), "SendMessage"),
    ],
)
def test_message_stays_in_the_queue_when_sqs_fails(
    error: Exception, refused: str, capsys: pytest.CaptureFixture[str]
) -> None:
    sqs = Sqs(refused={refused: "KmsDisabled"})

    assert delivered(Failing(error), record(), sqs=sqs) == ["message-1"]
    (line,) = logged(capsys)
    assert line["outcome"] == "retried"
    assert f"{refused} failed: KmsDisabled" in line["error"]


def test_hook_that_ends_its_thread_fails_its_own_message_only(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert delivered(Failing(SystemExit(CANARY)), record()) == ["message-1"]
    assert [line["error"] for line in logged(capsys)] == ["SystemExit"]


def test_messages_of_a_batch_are_delivered_at_once_within_the_bound() -> None:
    slow = Slow(0.05)

    assert delivered(slow, *(record(n) for n in range(10)), parallel=4) == []
    assert slow.most == 4


def test_batch_reports_before_lambda_ends_the_call(capsys: pytest.CaptureFixture[str]) -> None:
    slow = Slow(0.4)
    started = time.monotonic()

    failed = delivered(slow, *(record(n) for n in range(4)), parallel=2, remaining_seconds=1 + 0.6)

    # two are done in time, two are still at work and come again
    assert failed == ["message-2", "message-3"]
    assert time.monotonic() - started < 1.2
    assert [line["outcome"] for line in logged(capsys)].count("retried") == 2


def test_no_message_is_begun_when_the_time_is_up() -> None:
    slow = Slow(0)

    assert delivered(slow, record(1), record(2), remaining_seconds=0.9) == [
        "message-1",
        "message-2",
    ]
    assert slow.most == 0


@given(attempt=st.integers(1, 100))
def test_waits_grow_with_chance_but_not_beyond_what_sqs_delays(attempt: int) -> None:
    longest = min(2**attempt, LONGEST_SECONDS)

    assert longest // 2 <= wait_seconds(attempt, None) <= longest


@given(seconds=st.floats(0, 1e9))
def test_service_decides_the_wait_if_it_says_one(seconds: float) -> None:
    assert wait_seconds(1, seconds) == max(1, min(round(seconds), 900))
