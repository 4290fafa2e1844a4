"""The check that answers come in mParticle's time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from threading import Event

from console.exit_codes import CommandError
from local.stand_in import Behaviour, always
from probe.answer_problems import problem_of_answer
from probe.check_requests import request_named
from probe.endpoint_check import OUTBOUND_PAGE, Need, Result, Stage, failed, passed
from probe.latency_summary import calls_needed, summary
from probe.open_loop_load import run_load
from probe.timed_calls import CallOutcome

MESSAGE = "event_processing_request"
"""What nearly all calls of mParticle's are."""
SERVICE_SECONDS = 0.02
"""What a nearby service takes; one that cannot be steered takes what it takes."""


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
        try:
            calls = run_load(
                partial(call_once, stage),
                rate=self.rate,
                seconds=calls_needed() / self.rate,
                stop=Event(),
                report=lambda _done, _total: None,
            )
        finally:
            if stage.service:
                stage.service.choose = always("ok")
        measured = summary(calls, limit_ms=stage.limit_ms)
        if measured.conclusion == "pass":
            return passed(measured.sentence())
        return failed(
            measured.sentence(), "one call of the service, over a kept connection; else queue it"
        )


def call_once(stage: Stage) -> CallOutcome:
    """Send one batch, and say what the call came to."""
    from botocore.exceptions import (  # noqa: PLC0415 - see cloud.regions
        BotoCoreError,
        ClientError,
    )

    request = request_named(MESSAGE)
    try:
        answer = stage.send(request)
    except (CommandError, BotoCoreError, ClientError):
        return "failed"
    if answer.is_throttled:
        return "throttled"
    return "failed" if problem_of_answer(request, answer) else "answered"
