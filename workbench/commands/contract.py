"""`firehose contract`: every demand of mParticle's put to the proof, anywhere the code runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from console.exit_codes import CommandError, ExitCode, UsageError
from console.interruption import stop_on_ctrl_c
from console.options import DEFAULT_DEPLOYMENT, DeploymentOption, FormatOption, RegionOption
from console.outcomes import finish
from console.output import Format, Record, say, write
from console.progress import steps
from console.whole_file import write_whole
from probe.customer_settings import SettingsOption, read_settings
from probe.endpoint_check import Check
from workbench.contract.contract_checks import CHECKS, CheckOutcome
from workbench.contract.contract_targets import ContractRun, run_on_target, targets_of
from workbench.contract.junit_report import junit_xml
from workbench.contract.stages_given import GivenEndpoint, stages_given
from workbench.contract.verdict import ContractVerdict
from workbench.endpoint_target import EndpointTarget, TargetOption, UrlTokenOption


def contract(
    *,
    target: TargetOption = EndpointTarget.IN_PROCESS,
    arn: Annotated[
        str | None, typer.Option(help="Check the function with this ARN instead.", metavar="ARN")
    ] = None,
    url: Annotated[
        str | None,
        typer.Option(help="Check this URL instead; the paths are added to it.", metavar="URL"),
    ] = None,
    token: UrlTokenOption = None,
    service_port: Annotated[
        int | None,
        typer.Option(
            help="With --arn or --url: port of the stand-in that it calls here.",
            metavar="PORT",
        ),
    ] = None,
    log: Annotated[
        Path | None,
        typer.Option(help="With --arn or --url: the file it writes its log to.", metavar="FILE"),
    ] = None,
    check: Annotated[
        list[str] | None, typer.Option(help="Only this check; may be repeated.", metavar="NAME")
    ] = None,
    junit: Annotated[
        Path | None, typer.Option(help="Also write JUnit XML for CI.", metavar="FILE")
    ] = None,
    allow_skips: Annotated[
        bool, typer.Option("--allow-skips", help="Exit with 0 though demanded checks were skipped.")
    ] = False,
    listed: Annotated[bool, typer.Option("--list", help="Show the checks; run nothing.")] = False,
    settings: SettingsOption = None,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    region: RegionOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Check what mParticle demands: every message, odd ones, repetitions, a service in trouble.

    In this process and on the embedded AWS a stand-in takes the place of your service: to test
    trouble, it is slow, away, or refuses the key. What is live gets real calls with made-up
    people, and your service stays as it is. A jar runs in a java process of its own. Checks that
    a target cannot support are skipped, and then the exit code is 1 unless --allow-skips is given.

    Example: firehose contract --check repeated_delivery --check dead_service
    """
    checks = _chosen(check or [])
    if listed:
        write([_description(one) for one in checks], form=form)
        return
    entered = read_settings(settings)
    given = GivenEndpoint(arn=arn, url=url, token=token, service_port=service_port, log=log)
    if not given.is_given and (log or service_port is not None):
        raise UsageError(
            "--log and --service-port are for --arn and --url",
            next_step="leave them out: a target here has a service and a log of its own",
        )
    with stop_on_ctrl_c() as stop, steps("checks") as progress:
        failures: list[CommandError] = []
        work = ContractRun(checks=checks, entered=entered, stop=stop, progress=progress)
        if given.is_given:
            with stages_given(given, entered=entered) as stages:
                outcomes = work.on(stages)
        else:
            outcomes, failures = run_on_target(work, target, deployment, region)
    write([_record(outcome) for outcome in outcomes], form=form)
    if stop.is_set():
        say("Stopped; the rest was not run.\nNext: run it again, or one check with --check")
        raise typer.Exit(ExitCode.INTERRUPTED)
    if junit:
        write_whole(junit, junit_xml(outcomes))
        say(f"Saved: {junit}")
    _conclude(ContractVerdict(outcomes=outcomes, allow_skips=allow_skips), failures)


def _chosen(names: Sequence[str]) -> list[Check]:
    known = {check.name: check for check in CHECKS}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise UsageError(
            f"--check: found {', '.join(unknown)}; allowed: {', '.join(known)}",
            next_step="firehose contract --list",
        )
    return [check for check in CHECKS if not names or check.name in names]


def _conclude(verdict: ContractVerdict, failures: Sequence[CommandError]) -> None:
    for cause in verdict.advice:
        say(f"{cause.places}: advice: {cause.reason}")
    problems = list(map(str, verdict.failures))
    for cause in verdict.skips:
        told = f"{cause.places}: skipped: {cause.reason}"
        if verdict.allow_skips:
            say(told)
        else:
            problems.insert(0, f"{told}\nNext: {cause.next_step}; or --allow-skips")
    say(str(verdict))
    finish(failures, problems)


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
