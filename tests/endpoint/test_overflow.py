"""Inline work within a budget, and what goes to the queue instead."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from endpoint.acceptance import LARGEST_BYTES, Acceptance
from endpoint.answering import ProcessingError, answer
from endpoint.circuit import FEWEST_CALLS
from endpoint.failures import QueueError
from endpoint.overflow import Overflow
from endpoint.settings import Settings
from endpoint.threads import SystemThreads
from firehose import (
    EventProcessingRequest,
    EventProcessingResponse,
    InvalidCredentials,
    MessageProcessor,
    RejectedMessage,
    RetryableError,
    remaining_seconds,
)
from tests.aws.endpoint_sqs import QUEUE, Sqs
from tests.endpoint.deliveries import MESSAGES, logged
from tests.endpoint.log_lines import LogLines
from tests.endpoint.taker import Taker

ENOUGH_SECONDS = 60.0
"""A budget that a hook keeps to on the slowest machine."""
EVENTS: dict[str, Any] = json.loads(
    (MESSAGES / "event_processing_request.json").read_text(encoding="utf-8")
)
CANARY = "canary-8f2a@example.com"


class Doing(Taker):
    """Does what it is made with, for each batch of events."""

    def __init__(self, work: Callable[[], None]) -> None:
        super().__init__()
        self._work = work
        self.calls = 0

    def process_event_processing_request(
        self, request: EventProcessingRequest
    ) -> EventProcessingResponse:
        self.calls += 1
        self._work()
        return super().process_event_processing_request(request)


def raising(error: BaseException) -> Doing:
    def work() -> None:
        raise error

    return Doing(work)


def waiting_for(gate: threading.Event) -> Callable[[], None]:
    def work() -> None:
        gate.wait()

    return work


def acceptance(sqs: Sqs, *, budget_seconds: float = ENOUGH_SECONDS) -> Acceptance:
    overflow = Overflow(budget_seconds=budget_seconds, threads=SystemThreads())
    return Acceptance(sqs.queue(QUEUE), overflowing=("events",), overflow=overflow)


def answered(integration: MessageProcessor, sqs: Sqs) -> dict[str, Any]:
    return answer(integration, EVENTS, acceptance(sqs))


def test_integration_that_is_in_time_answers_itself(capsys: pytest.CaptureFixture[str]) -> None:
    sqs, told = Sqs(), []

    answered(Doing(lambda: told.append(remaining_seconds())), sqs)

    assert sqs.requests == []
    assert 0 < told[0] <= ENOUGH_SECONDS
    assert [line["outcome"] for line in logged(capsys)] == ["answered"]


@pytest.mark.parametrize("error", [RetryableError(CANARY), ValueError(CANARY), SystemExit(CANARY)])
def test_failure_for_now_is_stored_and_acknowledged(
    error: BaseException, capsys: pytest.CaptureFixture[str]
) -> None:
    sqs = Sqs()

    response = answered(raising(error), sqs)

    assert (response["type"], response["id"]) == ("event_processing_response", EVENTS["id"])
    (stored,) = sqs.sent(QUEUE)
    assert json.loads(stored["MessageBody"]) == EVENTS
    output = capsys.readouterr().out
    assert CANARY not in output
    line = json.loads(output)
    assert (line["outcome"], line["error"]) == ("overflowed", type(error).__name__)
    assert (line["overflowed"], line["accepted"]) == (1, 1)
    assert line.get("where", "in work").endswith("in work")
    assert ("where" in line) == isinstance(error, Exception)


@pytest.mark.parametrize("error", [RejectedMessage("no"), InvalidCredentials("no")])
def test_lasting_failure_is_raised_and_not_stored(error: Exception) -> None:
    sqs = Sqs()

    with pytest.raises(ProcessingError):
        answered(raising(error), sqs)
    assert sqs.requests == []


def test_hook_that_ignores_its_budget_holds_no_answer_and_its_end_is_logged_as_late(
    log_lines: LogLines,
) -> None:
    gate, sqs = threading.Event(), Sqs()

    answer(Doing(waiting_for(gate)), EVENTS, acceptance(sqs, budget_seconds=0.05))

    assert len(sqs.sent(QUEUE)) == 1
    gate.set()
    log_lines.wait_for_late(1)
    assert [(line["outcome"], line.get("error")) for line in log_lines.lines] == [
        ("overflowed", "OutOfBudget"),
        ("late", None),
    ]
    assert len(sqs.sent(QUEUE)) == 1


def test_dead_api_is_not_tried_for_long(capsys: pytest.CaptureFixture[str]) -> None:
    sqs, dead = Sqs(), raising(RetryableError("down"))
    accepting = acceptance(sqs)

    for _ in range(FEWEST_CALLS + 5):
        answer(dead, EVENTS, accepting)

    assert dead.calls == FEWEST_CALLS
    assert len(sqs.sent(QUEUE)) == FEWEST_CALLS + 5
    last = logged(capsys)[-1]
    assert (last["outcome"], last["error"]) == ("diverted", "CircuitOpen")
    assert (last["diverted"], last["accepted"]) == (1, 1)


def test_message_that_neither_the_integration_nor_the_queue_takes_is_a_failure() -> None:
    sqs = Sqs(refused={"SendMessage": "KmsDisabled"})

    with pytest.raises(QueueError, match="KmsDisabled"):
        answered(raising(RetryableError("down")), sqs)


def test_message_too_large_for_the_queue_has_no_budget() -> None:
    sqs = Sqs()
    large = EVENTS | {"source_id": "1" * LARGEST_BYTES}

    accepting = acceptance(sqs, budget_seconds=0.05)
    response = answer(Doing(lambda: time.sleep(0.1)), large, accepting)

    assert response["id"] == EVENTS["id"]
    assert sqs.requests == []


def test_queued_family_is_stored_at_once_beside_one_that_overflows() -> None:
    sqs, integration = Sqs(), Doing(lambda: None)
    overflow = Overflow(budget_seconds=ENOUGH_SECONDS, threads=SystemThreads())
    both = Acceptance(sqs.queue(QUEUE), queued=("events",), overflowing=("dsr",), overflow=overflow)

    answer(integration, EVENTS, both)

    assert integration.calls == 0
    assert len(sqs.sent(QUEUE)) == 1


def test_other_families_are_inline() -> None:
    sqs = Sqs()
    message = json.loads((MESSAGES / "dsr_processing_request.json").read_text(encoding="utf-8"))

    answer(Taker(), message, acceptance(sqs))

    assert sqs.requests == []


def test_settings_of_an_overflow_survive_the_environment() -> None:
    settings = Settings(
        integration="acme:Acme", overflowing=("events",), overflow_ms=120, queue_url=QUEUE
    )

    assert Settings.from_environment(settings.to_environment()) == settings
