"""A message as it lies in the queue: its text, and the group of its customer."""

from __future__ import annotations

import json
from typing import Any

import pytest

from endpoint.acceptance import Acceptance
from endpoint.answering import answer
from tests.aws.endpoint_sqs import QUEUE, Sqs
from tests.endpoint.deliveries import BODY
from tests.endpoint.taker import Taker

MESSAGE: dict[str, Any] = json.loads(BODY)


def stored(content: bytes | dict[str, Any]) -> dict[str, Any]:
    sqs = Sqs()
    answer(Taker(), content, Acceptance(sqs.queue(QUEUE), queued=("dsr",)))
    (entry,) = sqs.sent(QUEUE)
    return entry


def test_characters_that_sqs_refuses_are_stored_as_escapes() -> None:
    content = MESSAGE | {"subject_request_id": "a\ufffe b\uffff c"}

    body = stored(json.dumps(content, ensure_ascii=False).encode())["MessageBody"]

    assert '"a\\ufffe b\\uffff c"' in body
    assert json.loads(body) == content


def test_what_lambda_parsed_is_stored_compactly_in_ascii() -> None:
    body = stored(MESSAGE | {"subject_request_id": "ünï"})["MessageBody"]

    assert body == json.dumps(json.loads(body), separators=(",", ":"))
    assert json.loads(body) == MESSAGE | {"subject_request_id": "ünï"}


@pytest.mark.parametrize("account", [None, {}])
def test_message_without_an_account_is_of_the_group_of_none(account: Any) -> None:
    assert stored(MESSAGE | {"account": account})["MessageGroupId"] == "none"
