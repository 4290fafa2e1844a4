"""Every check, and how one is run."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from cloud.regions import aws_failures
from console.exit_codes import CommandError
from probe.endpoint_check import Check, Result, Stage, State, failed, not_demanded, skipped
from probe.message_checks import MESSAGE_CHECKS, MessageCheck
from probe.time_check import TimeCheck
from workbench.contract.documented_calls import DOCUMENTED_CALLS_CHECK
from workbench.contract.id_check import ResponseIdCheck
from workbench.contract.leak_check import LEAK_CHECK
from workbench.contract.registered_checks import FAMILIES_CHECK, HooksCheck
from workbench.contract.service_checks import SERVICE_CHECKS

CHECKS: tuple[Check, ...] = (
    *MESSAGE_CHECKS,
    ResponseIdCheck(),
    HooksCheck(),
    FAMILIES_CHECK,
    *SERVICE_CHECKS,
    DOCUMENTED_CALLS_CHECK,
    TimeCheck(),
    LEAK_CHECK,
)
"""In the order in which they are run: simple faults are told before what follows of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOutcome:
    """One check that was run against one endpoint, or why it was not."""

    endpoint: str
    transport: str
    check: Check
    result: Result
    milliseconds: float


def run(checks: Sequence[Check], stage: Stage) -> Iterator[CheckOutcome]:
    """Run checks one after another; none stops another, or finds what it began under way."""
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
    result = _not_run(check, stage)
    if result is None:
        try:
            with aws_failures(stage.endpoint.name):
                stage.settle()
                result = check.run(stage)
        except CommandError as error:
            reason, _, next_step = str(error).partition("\nNext: ")
            return failed(reason, next_step)
    if check.is_demanded:
        return result
    instead = {State.FAILED: State.ADVICE, State.SKIPPED: State.NOT_DEMANDED}
    return replace(result, state=instead.get(result.state, result.state))


def _not_run(check: Check, stage: Stage) -> Result | None:
    """Say why a check cannot be run on a stage, or need not; none if it can."""
    waiver = check.waived(stage)
    if waiver:
        return not_demanded(waiver)
    lacking = stage.lacks(check.needs)
    if lacking:
        next_step = stage.remedies.missing.get(lacking[0], "")
        return skipped(f"needs {', '.join(lacking)}", next_step)
    message_type = check.type_on(stage) if isinstance(check, MessageCheck) else stage.main_type
    if stage.endpoint.serves(message_type):
        return None
    return skipped(
        "needs the token that mParticle sends for the URL",
        "--token FILE with --url; firehose token import for what is yours",
    )
