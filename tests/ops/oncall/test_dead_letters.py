"""Dead letters against what SQS may answer: parts refused, large bodies, a stop in between."""

from __future__ import annotations

from threading import Event
from typing import Any

from botocore.stub import ANY

from cloud.queues import QueueUrls
from ops.oncall.dead_letters import Redriven, redrive
from tests.aws.answers import StubbedSession

URLS = QueueUrls(queue="https://sqs/queue", dead_letters="https://sqs/dead")


def letter(number: int, body: str = "{}") -> dict[str, Any]:
    return {
        "MessageId": str(number),
        "ReceiptHandle": f"receipt-{number}",
        "Body": body,
        "Attributes": {"MessageGroupId": "1042"},
        "MessageAttributes": {"reason": {"DataType": "String", "StringValue": "KeyError"}},
    }


def run(session: StubbedSession, *, most: int, stop: Event | None = None) -> Redriven:
    done = redrive(
        session.client("sqs"),
        URLS,
        only=None,
        per_second=1_000,
        most=most,
        stop=stop or Event(),
        moved=lambda _: None,
    )
    session.stub("sqs").assert_no_pending_responses()
    return done


def test_letter_that_sqs_refuses_stays_and_ends_the_redrive() -> None:
    session = StubbedSession()
    sqs = session.stub("sqs")
    sqs.add_response("receive_message", {"Messages": [letter(0), letter(1)]})
    refused = {"Id": "1", "SenderFault": False, "Code": "InternalError"}
    sent = {"Id": "0", "MessageId": "new", "MD5OfMessageBody": "md5"}
    sqs.add_response("send_message_batch", {"Successful": [sent], "Failed": [refused]})
    sqs.add_response(
        "delete_message_batch",
        {"Successful": [{"Id": "0"}], "Failed": []},
        {
            "QueueUrl": URLS.dead_letters,
            "Entries": [{"Id": "0", "ReceiptHandle": "receipt-0"}],
        },
    )
    sqs.add_response(
        "change_message_visibility_batch",
        {"Successful": [{"Id": "0"}], "Failed": []},
        {
            "QueueUrl": URLS.dead_letters,
            "Entries": [{"Id": "0", "ReceiptHandle": "receipt-1", "VisibilityTimeout": 0}],
        },
    )

    done = run(session, most=5)

    assert (done.moved, done.refused) == ({"KeyError": 1}, 1)


def test_large_letters_go_in_batches_that_sqs_takes() -> None:
    session = StubbedSession()
    sqs = session.stub("sqs")
    sqs.add_response(
        "receive_message", {"Messages": [letter(number, "x" * 600_000) for number in (0, 1)]}
    )
    for _ in range(2):
        sent = {"Id": "0", "MessageId": "new", "MD5OfMessageBody": "md5"}
        sqs.add_response("send_message_batch", {"Successful": [sent], "Failed": []})
        sqs.add_response("delete_message_batch", {"Successful": [{"Id": "0"}], "Failed": []})

    assert run(session, most=2).moved.total() == 2


def test_stop_finishes_the_batch_at_hand_and_no_more() -> None:
    session = StubbedSession()
    stop = Event()
    sqs = session.stub("sqs")
    sqs.add_response(
        "receive_message",
        {"Messages": [letter(0)]},
        {
            "QueueUrl": URLS.dead_letters,
            "MaxNumberOfMessages": 10,
            "VisibilityTimeout": ANY,
            "WaitTimeSeconds": 0,
            "MessageSystemAttributeNames": ["MessageGroupId"],
            "MessageAttributeNames": ["reason"],
        },
    )
    sent = {"Id": "0", "MessageId": "new", "MD5OfMessageBody": "md5"}
    sqs.add_response("send_message_batch", {"Successful": [sent], "Failed": []})
    sqs.add_response("delete_message_batch", {"Successful": [{"Id": "0"}], "Failed": []})

    done = redrive(
        session.client("sqs"),
        URLS,
        only=None,
        per_second=1_000,
        most=100,
        stop=stop,
        moved=lambda _: stop.set(),
    )

    assert done.moved.total() == 1
    sqs.assert_no_pending_responses()
