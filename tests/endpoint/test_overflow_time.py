"""Inline work within its budget, played in simulated time."""

from __future__ import annotations

import pytest

from endpoint.acceptance import overflow_from
from endpoint.answering import read
from endpoint.circuit import Circuit
from endpoint.failures import Failure, Overflowed
from endpoint.overflow import Overflow
from endpoint.settings import Settings
from firehose import (
    DsrProcessingRequest,
    DsrProcessingResponse,
    Response,
    RetryableError,
    remaining_seconds,
)
from tests.endpoint.deliveries import BODY, logged
from tests.endpoint.played_batches import Playing
from tests.endpoint.taker import Taker
from tests.simulation.scheduler import Process, Scheduler, SimulatedThreads

FOREVER = 1_000.0
REQUEST = read(BODY.encode())


class PlayedOverflow:
    """Inline work with a budget of 0.12 s; `answered_at` is when each call was answered."""

    def __init__(self, *seconds: float, error: Exception | None = None) -> None:
        self.scheduler = Scheduler(1, check=lambda: None)
        self.integration = Playing(self.scheduler, seconds)
        self.integration.error = error
        threads = SimulatedThreads(self.scheduler, Process())
        self.overflow = Overflow(
            budget_seconds=0.12,
            threads=threads,
            circuit=Circuit(threads.now, fewest_calls=1_000),
        )
        self.answered_at: list[float] = []

    def call(self, times: int = 1) -> list[Response | Failure]:
        """Call one after another, then let the hooks that were left behind end."""
        outcomes: list[Response | Failure] = []

        def play() -> None:
            for _ in range(times):
                outcomes.append(self.overflow.process(self.integration, REQUEST))
                self.answered_at.append(self.scheduler.now)

        self.scheduler.spawn(play)
        self.scheduler.run()
        return outcomes


def test_hook_within_its_budget_answers_itself() -> None:
    played = PlayedOverflow(0.1)

    (answer,) = played.call()

    assert isinstance(answer, DsrProcessingResponse)
    assert played.answered_at == [0.1]
    assert played.integration.told == [pytest.approx(0.12, abs=0.05)]


def test_budget_is_what_the_settings_say() -> None:
    told: list[float] = []

    class Asking(Taker):
        def process_dsr_processing_request(
            self, request: DsrProcessingRequest
        ) -> DsrProcessingResponse:
            told.append(remaining_seconds())
            return super().process_dsr_processing_request(request)

    settings = Settings(integration="", overflowing=["dsr"], overflow_ms=1_000_000_000)
    overflow = overflow_from(settings)

    assert overflow
    assert isinstance(overflow.process(Asking(), REQUEST), DsrProcessingResponse)
    assert 999_900 < told[0] <= 1_000_000


def test_hook_beyond_its_budget_overflows_when_that_is_used_up(
    capsys: pytest.CaptureFixture[str],
) -> None:
    played = PlayedOverflow(0.2)

    assert played.call() == [
        Overflowed(kind="temporary", error="OutOfBudget", where="", begun=True)
    ]

    assert played.answered_at == [0.12]
    (line,) = logged(capsys)
    assert (line["outcome"], line["message_id"]) == ("late", REQUEST.id)
    assert "error" not in line


def test_failure_of_a_hook_that_was_left_behind_is_logged_with_its_place(
    capsys: pytest.CaptureFixture[str],
) -> None:
    PlayedOverflow(0.2, error=RetryableError("down")).call()

    (line,) = logged(capsys)
    assert (line["outcome"], line["error"]) == ("late", "RetryableError")
    assert line["where"].endswith("in process_dsr_processing_request")


def test_failure_for_now_overflows_with_its_place() -> None:
    (outcome,) = PlayedOverflow(error=RetryableError("down")).call()

    assert isinstance(outcome, Overflowed)
    assert (outcome.error, outcome.begun) == ("RetryableError", True)
    assert outcome.where.endswith("in process_dsr_processing_request")


def test_hook_that_ends_its_thread_overflows_without_a_place() -> None:
    played = PlayedOverflow()
    played.integration.error = SystemExit("canary")

    assert played.call() == [Overflowed(kind="temporary", error="SystemExit", where="", begun=True)]


def test_nothing_is_begun_while_twenty_hooks_were_left_behind() -> None:
    played = PlayedOverflow(*[FOREVER] * 20)

    outcomes = played.call(22)

    assert len(played.integration.begun_at) == 20
    refused = Overflowed(kind="temporary", error="LeftTooManyBehind", where="", begun=False)
    assert outcomes[20:] == [refused] * 2
    assert isinstance(played.call()[0], Response), "once they have ended"
