"""The partner's API over time, and the integration that calls it."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Literal

from greenlet import GreenletExit

from firehose import (
    AudienceMembershipChangeRequest,
    AudienceMembershipChangeResponse,
    DsrProcessingRequest,
    DsrProcessingResponse,
    EventProcessingRequest,
    EventProcessingResponse,
    MessageProcessor,
    ModuleRegistrationRequest,
    ModuleRegistrationResponse,
    RejectedMessage,
    Request,
    RetryableError,
)
from tests.simulation.ledger import Fate, Ledger
from tests.simulation.scheduler import Process, Scheduler

Mood = Literal["up", "down", "slow", "hangs", "reset", "lost", "busy", "flaky"]
MOODS: tuple[Mood, ...] = ("down", "slow", "hangs", "reset", "lost", "busy", "flaky")


@dataclass(frozen=True)
class Period:
    """From when on the API is in a mood, and for which customer only (none: for all)."""

    since: float
    mood: Mood
    customer: int | None = None


@dataclass
class PartnerApi:
    """Takes messages, more or less."""

    scheduler: Scheduler
    ledger: Ledger
    periods: list[Period] = field(default_factory=list)
    calls: int = 0

    @staticmethod
    def periods_of(random: Random, *, until: float) -> list[Period]:
        """Choose some bad times; afterwards everything is well."""
        periods, now = [], 0.0
        while now < until and random.random() < 0.8:
            periods.append(Period(now, random.choice(MOODS)))
            now += random.expovariate(1 / 60)
            periods.append(Period(now, "up"))
            now += random.expovariate(1 / 30)
        return [*periods, Period(max(now, until), "up")]

    def mood(self, customer: int) -> Mood:
        mood: Mood = "up"
        for period in self.periods:
            if period.since > self.scheduler.now:
                break
            if period.customer in (None, customer):
                mood = period.mood
        return mood

    def call(self, body: str, key: str, *, inline: bool) -> None:
        """Take a message, in its own time; raises as the example integration does."""
        self.calls += 1
        fate = self.ledger.tried(body, inline=inline)
        if fate.is_poison:
            self._break_down()
        getattr(self, f"_{self.mood(fate.customer)}")(fate, body, key)

    def _break_down(self) -> None:
        process = self.scheduler.process
        assert process is not None
        if self.scheduler.random.random() < 0.5:
            self.scheduler.kill(process)
        self.scheduler.freeze(process)  # it holds the interpreter until Lambda ends the call
        self.scheduler.sleep(0)

    def _take(self, fate: Fate, body: str, key: str) -> None:
        if fate.is_refused:
            raise RejectedMessage("422")
        self.ledger.delivered(body, key, self.scheduler.now)

    def _up(self, fate: Fate, body: str, key: str) -> None:
        self.scheduler.sleep(0.03)
        self._take(fate, body, key)

    def _down(self, fate: Fate, body: str, key: str) -> None:
        self.scheduler.sleep(0.002)
        raise RetryableError("no connection")

    def _slow(self, fate: Fate, body: str, key: str) -> None:
        self.scheduler.sleep(self.scheduler.random.uniform(0.1, 5))
        self._take(fate, body, key)

    def _hangs(self, fate: Fate, body: str, key: str) -> None:
        self.scheduler.sleep(self.scheduler.random.choice((25, 60, 3600)))
        self._take(fate, body, key)

    def _reset(self, fate: Fate, body: str, key: str) -> None:
        self.scheduler.sleep(0.02)
        raise ConnectionResetError

    def _lost(self, fate: Fate, body: str, key: str) -> None:
        self._up(fate, body, key)
        self.scheduler.sleep(3)
        raise RetryableError("no answer")

    def _busy(self, fate: Fate, body: str, key: str) -> None:
        self.scheduler.sleep(0.005)
        wait = self.scheduler.random.choice((None, 1, 20, 120))
        raise RetryableError("429", retry_after_seconds=wait)

    def _flaky(self, fate: Fate, body: str, key: str) -> None:
        mood = self.scheduler.random.choice(("up", "up", "down", "lost"))
        getattr(self, f"_{mood}")(fate, body, key)


class Integration(MessageProcessor):
    """Passes every message on, in one process."""

    def __init__(
        self, api: PartnerApi, process: Process, bodies: dict[str, str], *, inline: bool
    ) -> None:
        self._inline = inline
        self._api = api
        self._process = process
        self._bodies = bodies

    def process_registration_request(
        self, request: ModuleRegistrationRequest
    ) -> ModuleRegistrationResponse:
        return ModuleRegistrationResponse(name="Simulated", version="1")

    def process_event_processing_request(
        self, request: EventProcessingRequest
    ) -> EventProcessingResponse:
        self._pass_on(request)
        return super().process_event_processing_request(request)

    def process_audience_membership_change_request(
        self, request: AudienceMembershipChangeRequest
    ) -> AudienceMembershipChangeResponse:
        self._pass_on(request)
        return super().process_audience_membership_change_request(request)

    def process_dsr_processing_request(
        self, request: DsrProcessingRequest
    ) -> DsrProcessingResponse:
        self._pass_on(request)
        return super().process_dsr_processing_request(request)

    def _pass_on(self, request: Request) -> None:
        if self._process.is_dead:
            raise GreenletExit
        self._api.call(self._bodies[request.id], key=request.id, inline=self._inline)
