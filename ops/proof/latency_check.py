"""How fast a region answers under load, over each transport, in mParticle's terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Event
from typing import TYPE_CHECKING

from ops.console.progress import Steps
from ops.deployed.outputs import function_arn
from ops.proof.callers import https_caller, lambda_caller
from ops.proof.https_endpoint import HttpsEndpoint
from ops.proof.latency import Call, Summary, calls_needed, summary
from ops.proof.load import run_load
from ops.proof.probes import Probe, probe_named
from plan.fields import TransportName
from plan.mparticle import HTTPS_P99_MS, LAMBDA_P99_MS
from plan.regions import RegionPlan

if TYPE_CHECKING:
    from boto3.session import Session

DEFAULT_RATE = 20.0
DEFAULT_SECONDS = 30.0
MESSAGE = "event_processing_request"
"""What nearly all calls of mParticle's are."""

_LIMITS_MS = {"lambda": LAMBDA_P99_MS, "https": HTTPS_P99_MS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One endpoint under load: how it was called, every call, and what that says."""

    transport: TransportName
    rate: float
    calls: Sequence[Call]
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
            "too slow from here\nNext: measure from a machine in the region; then queue the slow"
            " family, give more memory_mb or provisioned_concurrency"
        )


def measure(
    session: Session,
    plan: RegionPlan,
    *,
    rate: float,
    seconds: float,
    stop: Event,
    progress: Steps,
) -> list[Measured]:
    """Load every endpoint of a region, one after another."""
    measured = []
    for transport in plan.transports:
        if transport == "lambda":
            call = lambda_caller(session, function_arn(session, plan), _message)
        else:
            endpoint = HttpsEndpoint.of(session, plan)
            if not endpoint.token:
                continue
            call = https_caller(endpoint, _message)
        calls = run_load(
            call,
            rate=rate,
            seconds=seconds,
            stop=stop,
            report=lambda done, total: progress.report(plan.region, done, total),
        )
        measured.append(
            Measured(
                transport=transport,
                rate=rate,
                calls=calls,
                summary=summary(calls, limit_ms=_LIMITS_MS[transport]),
            )
        )
    return measured


def _message() -> Probe:
    return probe_named(MESSAGE)
