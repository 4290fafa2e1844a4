"""How fast a region answers under load, over each transport, in mParticle's terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from threading import Event

from console.progress import Steps
from ops.live.region import LiveRegion
from ops.proof.proof_file import ProvenLoad
from plan.fields import TransportName
from probe.answer_histogram import encoded, histogram_of
from probe.customer_settings import Settings
from probe.deployed_stages import endpoints_of, stages_of
from probe.latency_summary import Summary, calls_needed, summary
from probe.open_loop_load import run_load
from probe.time_check import call_once
from probe.timed_calls import TimedCall, drawn, most_at_once

DEFAULT_RATE = 20.0
DEFAULT_SECONDS = 30.0
OPERATOR = "the operator's machine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One endpoint under load: from where and how it was called, every call, what that says."""

    transport: TransportName
    measured_from: str
    load: str
    calls: Sequence[TimedCall]
    summary: Summary

    @property
    def next_step(self) -> str:
        """What to do about a run that proves nothing or too little; empty when it passed."""
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

    def proven(self) -> ProvenLoad:
        """Give what is saved of it."""
        answered = (it.milliseconds for it in self.calls if it.outcome == "answered")
        return ProvenLoad(
            transport=self.transport,
            measured_from=self.measured_from,
            load=self.load,
            most_at_once=most_at_once(self.calls),
            summary=self.summary,
            conclusion=self.summary.conclusion,
            histogram=encoded(histogram_of(answered)),
            calls=drawn(self.calls),
        )


def measure(
    live: LiveRegion,
    *,
    entered: Settings,
    rate: float,
    seconds: float,
    stop: Event,
    progress: Steps,
) -> list[Measured]:
    """Load every endpoint of a region, one after another."""
    measured = []
    plan = live.plan
    endpoints = endpoints_of(live.session, live.stack)
    for stage in stages_of(endpoints, entered=entered, plan=plan):
        endpoint = stage.endpoint
        if not endpoint.serves(stage.main_type):
            continue
        calls = run_load(
            partial(call_once, stage),
            rate=rate,
            seconds=seconds,
            stop=stop,
            report=lambda done, total: progress.report(plan.region, done, total),
        )
        measured.append(
            Measured(
                transport=endpoint.transport,
                measured_from=OPERATOR,
                load=f"{rate:g} a second for {seconds:g} s",
                calls=calls,
                summary=summary(calls, limit_ms=stage.limit_ms),
            )
        )
    return measured
