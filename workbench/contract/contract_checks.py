"""Every check, and how one is run."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from cloud.regions import aws_failures
from console.exit_codes import CommandError
from probe.endpoint_check import Check, Result, Stage, State, failed, skipped
from probe.message_checks import MESSAGE_CHECKS, MessageCheck
from probe.time_check import TimeCheck
from workbench.contract.documented_calls import DocumentedCallsCheck
from workbench.contract.hooks_check import HooksCheck
from workbench.contract.id_check import ResponseIdCheck
from workbench.contract.leak_check import LeakCheck
from workbench.contract.service_checks import SERVICE_CHECKS

CHECKS: tuple[Check, ...] = (
    *MESSAGE_CHECKS,
    ResponseIdCheck(),
    HooksCheck(),
    *SERVICE_CHECKS,
    DocumentedCallsCheck(),
    TimeCheck(),
    LeakCheck(),
)
"""In the order in which they are run: later ones build on what earlier ones have shown."""

_MOST = "event_processing_request"
"""What the checks of more than one message send, among others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOutcome:
    """One check that was run against one endpoint, or why it was not."""

    endpoint: str
    transport: str
    check: Check
    result: Result
    milliseconds: float


def run(checks: Sequence[Check], stage: Stage) -> Iterator[CheckOutcome]:
    """Run checks one after another; one that fails does not stop the others."""
    for check in checks:
        started = time.perf_counter()
        result = _result(check, stage)
        yield CheckOutcome(
            endpoint=stage.endpoint.name,
            transport=stage.endpoint.transport,
            check=check,
            result=result,
            milliseconds=(time.perf_counter() - started) * 1000,
        )


def _result(check: Check, stage: Stage) -> Result:
    lacking = stage.lacks(check.needs)
    if lacking:
        return skipped(f"needs {lacking}")
    message_type = check.message_type if isinstance(check, MessageCheck) else _MOST
    if not stage.endpoint.serves(message_type):
        return skipped("needs the token that mParticle sends for the URL")
    try:
        with aws_failures(stage.endpoint.name):
            result = check.run(stage)
    except CommandError as error:
        reason, _, next_step = str(error).partition("\nNext: ")
        return failed(reason, next_step)
    if result.state is State.FAILED and not check.is_demanded:
        return replace(result, state=State.ADVICE)
    return result
