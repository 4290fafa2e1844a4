"""`firehose contract`: every demand of mParticle's put to the proof, anywhere the code runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from console.exit_codes import CommandError, ExitCode
from console.interruption import stop_on_ctrl_c
from console.options import DEFAULT_DEPLOYMENT, DeploymentOption, FormatOption, RegionOption
from console.outcomes import finish
from console.output import Format, Record, say, write
from console.progress import steps
from console.whole_file import write_whole
from probe.customer_settings import SettingsOption, read_settings
from probe.endpoint_check import Check, State
from workbench.contract.contract_checks import CHECKS, CheckOutcome
from workbench.contract.contract_targets import (
    ContractRun,
    ContractTarget,
    run_on_given,
    run_on_target,
    targets_of,
)
from workbench.contract.junit_report import junit_xml


def contract(
    *,
    target: Annotated[
        ContractTarget,
        typer.Option(help="Where: your class here, an embedded AWS, or what is live."),
    ] = ContractTarget.IN_PROCESS,
    arn: Annotated[
        str | None, typer.Option(help="Any function instead, by its ARN.", metavar="ARN")
    ] = None,
    url: Annotated[
        str | None, typer.Option(help="Any URL instead; the paths come after it.", metavar="URL")
    ] = None,
    token: Annotated[
        str | None,
        typer.Option(help="With --url: the file with its token, - for stdin.", metavar="FILE|-"),
    ] = None,
    check: Annotated[
        list[str] | None, typer.Option(help="Only this check; may be repeated.", metavar="NAME")
    ] = None,
    junit: Annotated[
        Path | None, typer.Option(help="Write JUnit XML for CI as well.", metavar="FILE")
    ] = None,
    listed: Annotated[bool, typer.Option("--list", help="Show the checks; run nothing.")] = False,
    settings: SettingsOption = None,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    region: RegionOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Check what mParticle demands: every message, odd ones, repetitions, a service in trouble.

    In this process and on the embedded AWS a service on this machine takes the place of yours; in
    trouble it is slow, away, or refuses the key. What is live gets real calls with made-up people,
    and your real service stays as it is. What a target cannot show is skipped, with the reason.

    Example: firehose contract --check repeated_delivery --check dead_service
    """
    checks = _chosen(check or [])
    if listed:
        write([_description(one) for one in checks], form=form)
        return
    entered = read_settings(settings)
    with stop_on_ctrl_c() as stop, steps("checks") as progress:
        work = ContractRun(checks=checks, entered=entered, stop=stop, progress=progress)
        if arn or url:
            outcomes, failures = run_on_given(work, arn=arn, url=url, token=token)
        else:
            outcomes, failures = run_on_target(work, target, deployment, region)
    write([_record(outcome) for outcome in outcomes], form=form)
    if stop.is_set():
        say("Stopped; the rest was not run.\nNext: run it again, or one check with --check")
        raise typer.Exit(ExitCode.INTERRUPTED)
    if junit:
        write_whole(junit, junit_xml(outcomes))
        say(f"Saved: {junit}")
    _conclude(outcomes, failures)


def _chosen(names: Sequence[str]) -> list[Check]:
    known = {check.name: check for check in CHECKS}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise CommandError(
            f"--check: found {', '.join(unknown)}; allowed: {', '.join(known)}",
            next_step="firehose contract --list",
            exit_code=ExitCode.USAGE,
        )
    return [check for check in CHECKS if not names or check.name in names]


def _conclude(outcomes: Sequence[CheckOutcome], failures: Sequence[CommandError]) -> None:
    for it in outcomes:
        if it.result.state is State.ADVICE:
            say(f"{_place(it)}: advice: {it.result.reason}")
    counts = Counter(it.result.state for it in outcomes)
    told = ", ".join(f"{counts[state]} {state}" for state in State if counts[state])
    finish(
        failures,
        [
            f"{_place(it)}: {it.result.reason}\nNext: {it.result.next_step}"
            for it in outcomes
            if it.result.state is State.FAILED
        ],
    )
    say(f"The contract holds: {told}.")


def _place(outcome: CheckOutcome) -> str:
    return f"{outcome.endpoint}: {outcome.transport}: {outcome.check.name}"


def _record(outcome: CheckOutcome) -> Record:
    return {
        "endpoint": outcome.endpoint,
        "transport": outcome.transport,
        "check": outcome.check.name,
        "outcome": outcome.result.state.value,
        "milliseconds": round(outcome.milliseconds, 1),
        "reason": outcome.result.reason,
        "next": outcome.result.next_step,
    }


def _description(check: Check) -> Record:
    return {
        "check": check.name,
        "demand": check.demand,
        "source": check.source,
        "demanded": check.is_demanded,
        "targets": [target.value for target in targets_of(check)],
    }
