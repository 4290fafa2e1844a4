"""What a dead letter and a log say of why a message was given up or has to come again."""

from __future__ import annotations

import pytest

from firehose import RetryableError
from tests.aws.endpoint_sqs import DEAD_LETTERS, Sqs
from tests.endpoint.deliveries import Failing, delivered, logged, record


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
