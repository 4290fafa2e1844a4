"""The check that answers come in mParticle's time."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from threading import Event

from console.exit_codes import CommandError
from local.stand_in import Behaviour, always
from probe.answer_problems import problem_of_answer
from probe.check_requests import request_named
from probe.endpoint_check import OUTBOUND_PAGE, Result, Stage, advised, failed, passed
from probe.latency_summary import CallOutcome, TimedCall, calls_needed, summary
from probe.open_loop_load import run_load
from probe.remedies import Need

SERVICE_SECONDS = 0.02
"""What a nearby service takes; one that cannot be steered takes what it takes."""

_BUSY_SHARE = 0.8
"""Of one processor: what a process takes that keeps its own calls waiting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeCheck:
    """See `probe.endpoint_check.Check`. Just enough batches for a statement, `rate` a second."""

    name: str = "answer_time"
    demand: str = "99 % of the answers come within 200 ms, or within 100 ms over HTTPS."
    source: str = OUTBOUND_PAGE
    needs: Sequence[Need] = (Need.TIMES,)
    is_demanded: bool = True
    rate: float = 50.0

    def run(self, stage: Stage) -> Result:
        """Send at a fixed rate, whether or not earlier batches were answered."""
        if stage.service:
            stage.service.choose = lambda _call: Behaviour(seconds=SERVICE_SECONDS)
        rate = min(self.rate, stage.calls_per_second)
        wall, processor = time.perf_counter(), time.process_time()
        try:
            calls = run_load(
                partial(call_once, stage),
                rate=rate,
                seconds=calls_needed() / rate,
                stop=Event(),
                report=lambda _done, _total: None,
            )
        finally:
            if stage.service:
                stage.service.choose = always("ok")
        measured = summary(calls, limit_ms=stage.limit_ms)
        if measured.conclusion == "pass":
            return passed(measured.sentence())
        own_share = (time.process_time() - processor) / (time.perf_counter() - wall)
        if own_share < _BUSY_SHARE and forgiven(calls, limit_ms=stage.limit_ms):
            return advised(
                f"{measured.sentence()}, but this machine is busy: it sent calls"
                f" {measured.late_p99_ms:g} ms late by p99, so this proves nothing",
                "run it while the machine has time",
            )
        return failed(
            measured.sentence(), "one call of the service, over a kept connection; else queue it"
        )


def forgiven(calls: Sequence[TimedCall], *, limit_ms: int) -> bool:
    """Whether answers were late only by what other programs took from this machine.

    How long that is, the calls tell that were sent late; each answer may be as late again. An
    integration that computes for long makes calls late, too: then this process takes nearly all of
    a processor, which its caller has to ask.
    """
    late_ms = summary(calls, limit_ms=limit_ms).late_p99_ms
    without = [replace(it, milliseconds=it.milliseconds - it.late_ms - late_ms) for it in calls]
    return summary(without, limit_ms=limit_ms).conclusion == "pass"


def call_once(stage: Stage) -> CallOutcome:
    """Send one batch, and say what the call came to."""
    from botocore.exceptions import (  # noqa: PLC0415 - see cloud.regions
        BotoCoreError,
        ClientError,
    )

    request = request_named(stage.main_type)
    try:
        answer = stage.send(request)
    except (CommandError, BotoCoreError, ClientError):
        return "failed"
    if answer.is_throttled:
        return "throttled"
    return "failed" if problem_of_answer(request, answer) else "answered"
