"""Where the limits of size lie: what SQS takes, and what the open path takes."""

from __future__ import annotations

import json

import pytest

from endpoint.acceptance import Acceptance
from endpoint.answering import answer
from tests.aws.endpoint_sqs import QUEUE, Sqs
from tests.endpoint.deliveries import BODY
from tests.endpoint.http_events import REGISTRATION, answered, posted
from tests.endpoint.taker import Taker


@pytest.mark.parametrize(("size", "stored"), [(1_047_552, 1), (1_047_553, 0)])
def test_message_is_stored_up_to_a_kilobyte_less_than_sqs_takes(size: int, stored: int) -> None:
    sqs = Sqs()
    content = BODY.rstrip().ljust(size).encode()

    response = answer(Taker(), content, Acceptance(sqs.queue(QUEUE), queued=("dsr",)))

    assert response["id"] == json.loads(BODY)["id"]
    assert len(sqs.sent(QUEUE)) == stored


@pytest.mark.parametrize(("size", "status"), [(8_192, 200), (8_193, 413)])
def test_open_path_takes_eight_kilobytes(size: int, status: int) -> None:
    body = REGISTRATION.rstrip().ljust(size)

    assert answered(posted(body, path="registration"))[0] == status
