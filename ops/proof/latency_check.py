"""How fast a region answers under load, over each transport, in mParticle's terms."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from threading import Event
from typing import Self

from console.progress import Steps
from ops.live.region import LiveRegion
from ops.proof.proof_file import ProvenLoad
from plan.fields import TransportName
from plan.mparticle import MINIMUM_CONCURRENCY
from probe.answer_histogram import encoded, histogram_of
from probe.customer_settings import Settings
from probe.deployed_stages import deployed_stages
from probe.endpoint_check import Stage
from probe.latency_summary import Summary, calls_needed, summary
from probe.load_schedule import LoadSchedule
from probe.open_loop_load import run_load
from probe.time_check import call_once
from probe.timed_calls import CallOutcome, TimedCall, drawn, most_at_once

DEFAULT_RATE = 20.0
DEFAULT_SECONDS = 30.0
OPERATOR = "the operator's machine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One endpoint under load: from where and how it was called, every call, what that says."""

    transport: TransportName
    measured_from: str
    schedule: LoadSchedule
    calls: Sequence[TimedCall]
    summary: Summary

    @classmethod
    def of(
        cls, stage: Stage, schedule: LoadSchedule, calls: Sequence[TimedCall], *, measured_from: str
    ) -> Self:
        """Sum up the calls of an endpoint."""
        return cls(
            transport=stage.endpoint.transport,
            measured_from=measured_from,
            schedule=schedule,
            calls=calls,
            summary=summary(calls, limit_ms=stage.limit_ms),
        )

    @property
    def next_step(self) -> str:
        """What to do about a run that proves nothing or too little; empty when it passed."""
        if self.schedule.is_ramp:
            return self._next_step_of_ramp()
        if self.summary.conclusion == "pass":
            return ""
        if self.summary.conclusion == "too few calls":
            return (
                f"{self.summary.answered} answers do not prove it"
                f"\nNext: raise --rate or --seconds to at least {calls_needed()} calls"
            )
        if self.summary.throttled:
            return "throttled\nNext: firehose quota request, or raise the reservation"
        if self.summary.failed:
            return "calls failed\nNext: firehose logs"
        return (
            f"too slow, measured from {self.measured_from}"
            "\nNext: measure with --from-region; then queue the slow family, give more memory_mb"
            " or provisioned_concurrency"
        )

    @property
    def most_at_once(self) -> int:
        """The most calls that were under way at one moment."""
        return most_at_once(self.calls)

    def _next_step_of_ramp(self) -> str:
        """Say what a ramp lacks to show room for as many calls at once as mParticle demands."""
        if self.summary.throttled or self.summary.failed:
            return (
                f"{self.summary.throttled} throttled and {self.summary.failed} failed of calls,"
                f" at most {self.most_at_once:,} at once"
                "\nNext: firehose quota request, or raise the reservation; firehose logs"
            )
        if self.most_at_once >= MINIMUM_CONCURRENCY:
            return ""
        rate = self.schedule.last_rate * MINIMUM_CONCURRENCY / max(1, self.most_at_once)
        return (
            f"at most {self.most_at_once:,} calls were under way at once;"
            f" mParticle demands {MINIMUM_CONCURRENCY:,}"
            f"\nNext: --ramp {self.schedule.first_rate:g}:{math.ceil(rate * 1.1 / 100) * 100}"
        )

    def proven(self) -> ProvenLoad:
        """Give what is saved of it."""
        answered = (it.milliseconds for it in self.calls if it.outcome == "answered")
        return ProvenLoad(
            transport=self.transport,
            measured_from=self.measured_from,
            load=str(self.schedule),
            most_at_once=self.most_at_once,
            summary=self.summary,
            conclusion="pass" if self.schedule.is_ramp else self.summary.conclusion,
            histogram=encoded(histogram_of(answered)),
            calls=drawn(self.calls),
        )


def loadable_stages(live: LiveRegion, entered: Settings) -> list[Stage]:
    """Make the stages of a region's endpoints that can be sent what mParticle sends most."""
    stages = deployed_stages(live.session, live.stack, entered)
    return [stage for stage in stages if stage.endpoint.serves(stage.main_type)]


def measure(
    live: LiveRegion, *, entered: Settings, schedule: LoadSchedule, stop: Event, progress: Steps
) -> list[Measured]:
    """Load every endpoint of a region, one after another."""
    measured = []
    for stage in loadable_stages(live, entered):
        calls = run_load(
            partial(_call, stage),
            due=schedule.due(),
            stop=stop,
            report=partial(progress.report, live.plan.region),
        )
        measured.append(Measured.of(stage, schedule, calls, measured_from=OPERATOR))
    return measured


def _call(stage: Stage) -> CallOutcome:
    return call_once(stage, stage.make(stage.main_type))
