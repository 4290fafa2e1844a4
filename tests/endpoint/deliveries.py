"""A batch of queued messages, and the integrations that it meets."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any, NoReturn

import pytest

from endpoint.batch import Batch
from endpoint.delivery import Delivery
from firehose import (
    DsrProcessingRequest,
    DsrProcessingResponse,
    MessageProcessor,
    remaining_seconds,
)
from tests.aws.endpoint_sqs import DEAD_LETTERS, QUEUE, Sqs
from tests.endpoint.taker import Taker

MESSAGES = Path(__file__).parents[2] / "probe" / "messages"
BODY = (MESSAGES / "dsr_processing_request.json").read_text(encoding="utf-8")


class Failing(Taker):
    """Raises what it is made with, as a partner's code would: with a user's data in the text."""

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self.error = error

    def process_dsr_processing_request(self, request: DsrProcessingRequest) -> NoReturn:
        raise self.error


class Slow(Taker):
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


class Hanging(Taker):
    """Takes some messages at once, and the rest when `gate` is opened."""

    def __init__(self, *, after: int) -> None:
        super().__init__()
        self.gate = threading.Event()
        self._free = threading.Semaphore(after)

    def allow(self, more: int) -> None:
        """Take so many more at once."""
        self._free.release(more)

    def process_dsr_processing_request(
        self, request: DsrProcessingRequest
    ) -> DsrProcessingResponse:
        if not self._free.acquire(blocking=False):
            self.gate.wait()
        return super().process_dsr_processing_request(request)


class Asking(Taker):
    """Asks for each message how long it may work."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[float] = []

    def process_dsr_processing_request(
        self, request: DsrProcessingRequest
    ) -> DsrProcessingResponse:
        self.told.append(remaining_seconds())
        return super().process_dsr_processing_request(request)


def record(
    number: int = 1,
    *,
    body: str = BODY,
    receives: int = 1,
    attempt: int | str = 0,
    breakdowns: int | None = None,
) -> dict[str, Any]:
    """Make a record; with `breakdowns`, of a message that is tried alone."""
    attributes = {"attempt": attempt or None, "breakdowns": breakdowns}
    return {
        "messageId": f"message-{number}",
        "receiptHandle": f"receipt-{number}",
        "body": body,
        "attributes": {"ApproximateReceiveCount": str(receives), "MessageGroupId": "1001"},
        "messageAttributes": {
            name: {"stringValue": str(count), "dataType": "Number"}
            for name, count in attributes.items()
            if count is not None
        },
    }


def batch_of(integration: MessageProcessor, sqs: Sqs, *, parallel: int, **more: Any) -> Batch:
    """Make what delivers a batch: at most 12 attempts, and 6 breakdowns of the worker."""
    delivery = Delivery(
        integration,
        queue=sqs.worker_queue(QUEUE),
        dead_letters=sqs.worker_queue(DEAD_LETTERS),
        attempts=12,
        max_breakdowns=6,
    )
    return Batch(delivery, parallel=parallel, **more)


def delivered(
    integration: MessageProcessor,
    *records: dict[str, Any],
    sqs: Sqs | None = None,
    parallel: int = 10,
    remaining_seconds: float = 30,
) -> list[str]:
    """Deliver a batch; give the ids of the messages that SQS has to hand out again."""
    batch = batch_of(integration, sqs or Sqs(), parallel=parallel)
    return batch.deliver(records, remaining_seconds=remaining_seconds)


def counted(output: str) -> Counter[str]:
    """Sum up the metrics in what was logged."""
    found: Counter[str] = Counter()
    for line in map(json.loads, output.splitlines()):
        for definition in line.get("_aws", {}).get("CloudWatchMetrics", ()):
            found.update({it["Name"]: line[it["Name"]] for it in definition["Metrics"]})
    return found


def logged(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """Give the lines about messages, without those that only count."""
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return [line for line in lines if "outcome" in line]
