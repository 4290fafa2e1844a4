"""What a dead letter and a log say of why a message was given up or has to come again."""

from __future__ import annotations

import pytest

from endpoint.delivery import Delivery
from endpoint.queued_message import QueuedMessage
from firehose import RetryableError
from tests.aws.endpoint_sqs import DEAD_LETTERS, QUEUE, Sqs
from tests.endpoint.deliveries import Failing, delivered, logged, record
from tests.endpoint.taker import Taker


def test_reason_is_text_of_256_characters_at_most() -> None:
    sqs = Sqs()

    sqs.queue(DEAD_LETTERS).send("{}", group="1", reason="r" * 300)

    (dead,) = sqs.sent(DEAD_LETTERS)
    assert dead["MessageAttributes"] == {"reason": {"DataType": "String", "StringValue": "r" * 256}}


def test_message_that_is_not_stored_again_is_logged_with_both_reasons(
    capsys: pytest.CaptureFixture[str],
) -> None:
    sqs = Sqs(refused={"SendMessage": "KmsDisabled"})

    delivered(Failing(RetryableError("busy")), record(), sqs=sqs)

    (line,) = logged(capsys)
    assert line["error"] == "RetryableError, then QueueError: SendMessage failed: KmsDisabled"
    assert line["where"].endswith("in process_dsr_processing_request")


def test_suspect_that_is_not_stored_is_logged_with_its_try(
    capsys: pytest.CaptureFixture[str],
) -> None:
    sqs = Sqs(refused={"SendMessage": "KmsDisabled"})

    assert delivered(Failing(RetryableError("busy")), record(receives=2, attempt=3), sqs=sqs) == [
        "message-1"
    ]

    (line,) = logged(capsys)
    assert (line["outcome"], line["attempt"]) == ("retried", 4)
    assert line["error"] == "QueueError: SendMessage failed: KmsDisabled"


def test_unreadable_message_is_logged_with_its_place_and_type(
    capsys: pytest.CaptureFixture[str],
) -> None:
    body = '{"type":"event_processing_request","events":{}}'

    delivered(Failing(RetryableError("busy")), record(body=body))

    (line,) = logged(capsys)
    assert (line["outcome"], line["message_type"]) == ("dead", "event_processing_request")
    assert (line["error"], line["where"]) == (
        "InvalidMessage: expected a list, found an object",
        "$.events",
    )


def test_message_stays_when_sqs_fails_it() -> None:
    sqs = Sqs(refused={"SendMessage": "KmsDisabled"})
    failing, message = delivery(sqs), QueuedMessage.from_record(record(body="{}"))

    assert failing.settle(message, failing.attempt(message)) is False
    assert failing.set_aside(message) is False


def test_dead_letter_says_nothing_about_the_api_of_the_partner() -> None:
    worker = delivery(Sqs())

    for dead in (record(body="{}"), record(breakdowns=6)):
        result = worker.attempt(QueuedMessage.from_record(dead))
        assert (result.outcome, result.failed) == ("dead", None)
    assert worker.attempt(QueuedMessage.from_record(record())).failed is False


def delivery(sqs: Sqs) -> Delivery:
    return Delivery(
        Taker(),
        queue=sqs.queue(QUEUE),
        dead_letters=sqs.queue(DEAD_LETTERS),
        attempts=12,
        max_breakdowns=6,
    )


def test_message_without_a_group_is_of_the_group_of_none() -> None:
    ungrouped = record()
    del ungrouped["attributes"]["MessageGroupId"]

    assert QueuedMessage.from_record(ungrouped).group == "none"
