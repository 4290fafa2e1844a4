"""What one message writes and asks of SQS: the numbers that its costs are computed from."""

from __future__ import annotations

from pathlib import Path

import pytest

from endpoint.acceptance import Acceptance
from endpoint.answering import answer
from endpoint.sampling import Sampling
from plan import log_volume, usage
from tests.aws.endpoint_sqs import QUEUE, Sqs
from tests.endpoint.deliveries import delivered, record
from tests.endpoint.taker import Taker

MESSAGES = Path(__file__).parents[2] / "probe" / "messages"
NEAR = 0.05
"""Ids and durations have more or fewer digits."""


@pytest.fixture(autouse=True)
def function_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "acme-firehose")


@pytest.fixture
def no_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write no line about what is good."""
    for name, value in Sampling(share=0).to_environment().items():
        monkeypatch.setenv(name, value)


def answered() -> None:
    answer(Taker(), (MESSAGES / "event_processing_request.json").read_bytes())


def accepted(sqs: Sqs) -> None:
    body = (MESSAGES / "dsr_processing_request.json").read_bytes()
    answer(Taker(), body, Acceptance(sqs.queue(QUEUE), queued=("dsr",)))


def batch_of_ten(sqs: Sqs) -> None:
    assert delivered(Taker(), *(record(number) for number in range(10)), sqs=sqs) == []


def written(capsys: pytest.CaptureFixture[str]) -> list[int]:
    return [len(line) for line in capsys.readouterr().out.splitlines()]


def test_log_lines_have_the_bytes_that_the_cost_plan_assumes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    answered()
    assert written(capsys) == [pytest.approx(log_volume.ANSWERED_BYTES, rel=NEAR)]

    accepted(Sqs())
    assert written(capsys) == [pytest.approx(log_volume.ACCEPTED_BYTES, rel=NEAR)]

    batch_of_ten(Sqs())
    *lines, metrics = written(capsys)
    assert lines == [pytest.approx(log_volume.DELIVERED_BYTES, rel=NEAR)] * 10
    assert metrics == pytest.approx(log_volume.BATCH_BYTES, rel=NEAR)


@pytest.mark.usefixtures("no_sample")
def test_outside_the_sample_only_what_counts_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    answered()
    assert written(capsys) == []

    accepted(Sqs())
    assert written(capsys) == [pytest.approx(log_volume.COUNTED_BYTES, rel=NEAR)]

    batch_of_ten(Sqs())
    assert written(capsys) == [pytest.approx(log_volume.BATCH_BYTES, rel=NEAR)]


def test_message_through_the_queue_is_one_request_of_ours() -> None:
    sqs = Sqs()
    accepted(sqs)
    assert len(sqs.requests) == usage.SENDS_PER_MESSAGE

    batch_of_ten(sqs)  # Lambda receives and deletes it
    assert len(sqs.requests) == usage.SENDS_PER_MESSAGE
