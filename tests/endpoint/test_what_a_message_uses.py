"""What one message writes and asks of SQS: the numbers that its costs are computed from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from endpoint.acceptance import Acceptance
from endpoint.answering import answer
from plan import usage
from tests.endpoint.deliveries import delivered, record
from tests.endpoint.sqs import QUEUE, Sqs
from tests.endpoint.taker import Taker

MESSAGES = Path(__file__).parents[2] / "probe" / "messages"
NEAR = 0.05
"""Ids and durations have more or fewer digits."""


@pytest.fixture(autouse=True)
def function_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "acme-firehose")


def test_message_that_is_answered_writes_so_many_bytes(capsys: pytest.CaptureFixture[str]) -> None:
    answer(Taker(), (MESSAGES / "event_processing_request.json").read_bytes())

    assert len(capsys.readouterr().out) == pytest.approx(usage.ANSWERED_BYTES, rel=NEAR)


def test_message_through_the_queue_writes_so_many_bytes_and_asks_so_much_of_sqs(
    capsys: pytest.CaptureFixture[str],
) -> None:
    sqs = Sqs()
    body = (MESSAGES / "dsr_processing_request.json").read_bytes()
    answer(Taker(), body, Acceptance(sqs.queue(QUEUE), queued=("dsr",)))
    accepted = capsys.readouterr().out
    sent = len(sqs.requests)
    delivered(Taker(), *(record(number) for number in range(10)), sqs=sqs)
    lines = capsys.readouterr().out

    assert len(accepted) == pytest.approx(usage.ACCEPTED_BYTES, rel=NEAR)
    assert len(lines) / 10 == pytest.approx(usage.DELIVERED_BYTES, rel=NEAR)
    assert sent == usage.SENDS_PER_MESSAGE
    assert len(sqs.requests) == sent  # Lambda receives and deletes the batch
    assert all(json.loads(line)["outcome"] == "delivered" for line in lines.splitlines())
