"""What becomes of each queued message: delivered, tried again later, or a dead letter."""

from __future__ import annotations

import json
import math
from decimal import Decimal
from typing import Any

import pytest

from endpoint.queued_message import QueuedMessage
from firehose import (
    InvalidCredentials,
    RejectedMessage,
    RetryableError,
)
from tests.aws.endpoint_sqs import DEAD_LETTERS, QUEUE, Sqs
from tests.endpoint.deliveries import BODY, Failing, counted, delivered, logged, record
from tests.endpoint.taker import Taker

CANARY = "canary-8f2a@example.com"


def test_delivered_message_leaves_the_queue(capsys: pytest.CaptureFixture[str]) -> None:
    sqs = Sqs()

    assert delivered(Taker(), record(), sqs=sqs) == []
    assert sqs.requests == []
    output = capsys.readouterr().out
    line = json.loads(output.splitlines()[0])
    assert (line["outcome"], line["attempt"]) == ("delivered", 1)
    assert counted(output) == {"delivered": 1}


def test_one_poison_record_does_not_keep_the_other_nine() -> None:
    sqs = Sqs()
    records = [record(n) for n in range(9)] + [record(9, body=f"not JSON {CANARY}")]

    assert delivered(Taker(), *records, sqs=sqs) == []

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

    assert delivered(Taker(), record(body=body), sqs=sqs) == []

    (dead,) = sqs.sent(DEAD_LETTERS)
    assert dead["MessageAttributes"]["reason"]["StringValue"].startswith("InvalidMessage: ")
    output = capsys.readouterr()
    assert CANARY not in output.out + output.err
    assert json.loads(output.out.splitlines()[0])["outcome"] == "dead"
    assert counted(output.out) == {"dead": 1}


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
    assert counted(output.out) == {"rejected": 1}


@pytest.mark.parametrize("error", [RetryableError(CANARY), ValueError(CANARY), KeyError(CANARY)])
def test_passing_or_unknown_failure_is_tried_again(
    error: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    sqs = Sqs()

    assert delivered(Failing(error), record(), sqs=sqs) == []

    (copy,) = sqs.sent(QUEUE)
    assert 1 <= copy["DelaySeconds"] <= 2
    assert copy["MessageAttributes"]["attempt"]["StringValue"] == "1"
    output = capsys.readouterr()
    assert CANARY not in output.out + output.err
    assert counted(output.out) == {"retried": 1}


def test_message_that_fails_is_a_new_copy_that_knows_its_tries_before_it_leaves() -> None:
    sqs = Sqs()
    error = RetryableError("busy", retry_after_seconds=31)

    assert delivered(Failing(error), record(attempt=4), sqs=sqs) == []

    (copy,) = sqs.sent(QUEUE)
    assert (copy["MessageBody"], copy["MessageGroupId"], copy["DelaySeconds"]) == (BODY, "1001", 31)
    assert copy["MessageAttributes"] == {"attempt": {"DataType": "Number", "StringValue": "5"}}
    asked = [operation for operation, _ in sqs.requests]
    assert asked == ["SendMessageBatch", "DeleteMessageBatch"]
    assert sqs.deleted() == ["receipt-1"]


def test_copy_that_is_stored_is_enough_to_let_the_original_go() -> None:
    sqs = Sqs(refused={"DeleteMessage": "InternalError"})

    assert delivered(Failing(RetryableError("busy")), record(), sqs=sqs) == []
    assert len(sqs.sent(QUEUE)) == 1


@pytest.mark.parametrize(
    "seconds",
    [math.nan, math.inf, -math.inf, 10**400, "soon", Decimal("NaN"), b"5", []],
    ids=lambda seconds: str(seconds)[:9],
)
def test_whatever_the_integration_was_told_to_wait_the_message_comes_again(seconds: Any) -> None:
    sqs = Sqs()

    failed = delivered(
        Failing(RetryableError("busy", retry_after_seconds=seconds)), record(), sqs=sqs
    )

    assert [1 <= copy["DelaySeconds"] <= 900 for copy in sqs.sent(QUEUE)] == [True]
    assert failed == []


def test_wait_beyond_what_sqs_delays_is_cut() -> None:
    sqs = Sqs()

    delivered(Failing(RetryableError("busy", retry_after_seconds=86_400)), record(), sqs=sqs)

    assert [copy["DelaySeconds"] for copy in sqs.sent(QUEUE)] == [900]


@pytest.mark.parametrize("attempt", ["1e3", "-1", "", "²", "9" * 5000])
def test_attempts_that_we_did_not_write_count_as_none(attempt: str) -> None:
    assert QueuedMessage.from_record(record(attempt=attempt)).attempt == 1


def test_message_out_of_attempts_is_dead_with_its_last_error() -> None:
    sqs = Sqs()

    assert delivered(Failing(ValueError(CANARY)), record(attempt=11), sqs=sqs) == []

    (dead,) = sqs.sent(DEAD_LETTERS)
    reason = dead["MessageAttributes"]["reason"]["StringValue"]
    assert reason == "ValueError, after 12 attempts"


@pytest.mark.parametrize(
    ("error", "refused"),
    [
        (RejectedMessage("no"), "SendMessage"),
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
