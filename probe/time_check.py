"""The check that answers come in mParticle's time."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event

from console.exit_codes import CommandError
from local.service_calls import Behaviour, always
from probe.answer_problems import problem_of_answer
from probe.endpoint_answer import Json
from probe.endpoint_check import OUTBOUND_PAGE, Check, Result, Stage, advised, failed, passed
from probe.latency_summary import calls_needed, summary
from probe.load_schedule import steady
from probe.open_loop_load import run_load
from probe.remedies import Need
from probe.timed_calls import CallOutcome

SERVICE_SECONDS = 0.02
"""What a nearby service takes; one that cannot be steered takes what it takes."""

_BUSY_LOAD = 1.0
"""Programs that want to run, for each processor: above it they wait for one another."""
_BUSY_SHARE = 0.8
"""Of one processor: an integration that computes for so long is late by itself."""


def load_per_processor() -> float:
    """Give how many programs want to run on this machine, in the last minute, a processor."""
    return os.getloadavg()[0] / (os.cpu_count() or 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeCheck(Check):
    """Just enough messages for a statement, `rate` a second.

    Late answers on a machine with a `load` of other programs prove nothing, so they are advice.
    """

    name: str = "answer_time"
    demand: str = "99 % of the answers come within 200 ms, or within 100 ms over HTTPS."
    source: str = OUTBOUND_PAGE
    needs: Sequence[Need] = (Need.TIMES,)
    rate: float = 50.0
    load: Callable[[], float] = load_per_processor

    def run(self, stage: Stage) -> Result:
        """Send at a fixed rate, whether or not earlier batches were answered."""
        if stage.service:
            stage.service.choose = lambda _call: Behaviour(seconds=SERVICE_SECONDS)
        rate = min(self.rate, stage.calls_per_second)
        # made before, because what this program takes to make one is no part of an answer's time
        due = steady(rate, calls_needed() / rate).due()
        requests = iter([stage.make(stage.main_type) for _ in due])
        load, wall, processor = self.load(), time.perf_counter(), time.process_time()
        try:
            calls = run_load(
                lambda: call_once(stage, next(requests)),
                due=due,
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
        load = max(load, self.load())
        is_only_late = not (measured.throttled or measured.failed)
        if is_only_late and load > _BUSY_LOAD and own_share < _BUSY_SHARE:
            return advised(
                f"{measured.sentence()}; but {load:.1f} programs want each processor here",
                "run it while the machine has time",
            )
        return failed(
            measured.sentence(),
            "make one call of the service, over a kept connection, or queue the messages",
        )


def call_once(stage: Stage, request: Json) -> CallOutcome:
    """Send a message, and say what the call came to."""
    from botocore.exceptions import (  # noqa: PLC0415 - see cloud.regions
        BotoCoreError,
        ClientError,
    )

    try:
        answer = stage.send(request)
    except (CommandError, BotoCoreError, ClientError):
        return "failed"
    if answer.is_throttled:
        return "throttled"
    return "failed" if problem_of_answer(request, answer) else "answered"
