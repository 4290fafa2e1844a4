"""`firehose try`: messages through the configured integration in this process, and what they do."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from console.exit_codes import ExitCode, UsageError
from console.options import DEFAULT_DEPLOYMENT, DeploymentOption, FormatOption, OneRegionOption
from console.output import Format, say
from console.planned_regions import planned_one
from console.token_file import STANDARD_INPUT
from local.service_calls import Choice
from plan.function import SOURCE_PACKAGE
from plan.region_plan import RegionPlan
from probe.customer_settings import SettingsOption, read_settings
from workbench.loaded_integration import integration_name
from workbench.message_files import (
    NamedMessage,
    golden_folder,
    message_files,
    of_customer,
    read_messages,
)
from workbench.network_guard import refusal_of
from workbench.pace import ONE_BY_ONE
from workbench.recording import recorded
from workbench.run_on_change import run_on_change
from workbench.service_script import ScriptOption
from workbench.trial import Trial, TrialRunner
from workbench.trial_records import trial_of
from workbench.trial_report import write_trials
from workbench.trial_stage import AnswerOption, LiveOption, service_of, stage


def try_(
    source: Annotated[
        str | None,
        typer.Argument(
            metavar="FILE|FOLDER|-",
            help="Messages; without, the golden ones of the integration's tests.",
        ),
    ] = None,
    *,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    region: OneRegionOption = None,
    answer: AnswerOption = "200",
    retry_after: Annotated[
        int | None,
        typer.Option(help="Retry-After header of the stand-in's answer.", metavar="SECONDS", min=0),
    ] = None,
    script: ScriptOption = None,
    live: LiveOption = False,
    identities: Annotated[
        bool, typer.Option("--identities", help="Show the values of identities.")
    ] = False,
    record: Annotated[
        Path | None,
        typer.Option(help="Save each message there as a golden case.", metavar="FOLDER"),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 if a verdict has an objection.")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Run again when the messages or the code change.")
    ] = False,
    settings: SettingsOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Try messages: hooks called, calls made, the response to mParticle, what the worker does.

    Everything runs in this process, with the endpoint's own code. Every URL in [environment] of
    the deployment file leads to a stand-in on this machine; no connection leaves the machine.
    Credentials are shown by the name of their setting, identities by their type. Times are those
    of one run; memory is measured in a second run, but not with --live. The verdict says what
    mParticle, its customers or an operator would object to.

    Example: firehose try tests/acme/golden --answer 401
    """
    if watch:
        _check_watchable(source, record)
        run_on_change([Path(SOURCE_PACKAGE), deployment, Path(source or "tests")])
        return
    service = None if live else service_of(answer, retry_after=retry_after, script=script)
    plan = planned_one(deployment, region)
    messages = read_messages(source or _golden_folder(plan))
    if entered := read_settings(settings):
        messages = [of_customer(message, entered) for message in messages]
    if record and answer != "200":  # the cases of one message with several answers stay apart
        messages = [replace(message, name=f"{message.name}-{answer}") for message in messages]
    trials = _tried(plan, messages, service=service, record=record)
    records = [trial_of(trial, plan=plan, identities=identities) for trial in trials]
    write_trials(records, form=form, transports=plan.transports, stream=sys.stdout)
    _finish(trials)
    objected = [str(it["message"]) for it in records if it["verdict"]]
    if strict and objected:
        say(f"--strict: {len(objected)} of {len(trials)} have objections: {', '.join(objected)}")
        say("Next: mend what their `verdict` names.")
        raise typer.Exit(ExitCode.CHECK_FAILED)


def _check_watchable(source: str | None, record: Path | None) -> None:
    reason = None
    if source == STANDARD_INPUT:
        reason = "standard input does not change"
    elif record:
        reason = "what --record writes would be a change each time"
    if reason:
        raise UsageError(
            f"--watch: {reason}", next_step="watch a file or a folder, without --record"
        )


def _tried(
    plan: RegionPlan,
    messages: Sequence[NamedMessage],
    *,
    service: Choice | None,
    record: Path | None,
) -> list[Trial]:
    with stage(plan, service=service, pace=ONE_BY_ONE) as staged:
        runner = TrialRunner(staged)
        trials = []
        for message in messages:
            trial = runner.run(message.name, message.content)
            if service:  # the real one should not be called twice
                trial = replace(trial, allocated_kib=runner.allocated_kib(message.content))
            trials.append(trial)
        if record:
            for message, trial in zip(messages, trials, strict=True):
                recorded(record, message, trial, staged.endpoint.integration)
    if record:
        say(f"Recorded below {record}: {', '.join(message.name for message in messages)}")
    return trials


def _golden_folder(plan: RegionPlan) -> str:
    folder = golden_folder(integration_name(plan))
    if folder.is_dir() and message_files(folder):
        return str(folder)
    raise UsageError(
        f"There are no messages in {folder}",
        next_step="name a file, a folder or - : firehose try FILE",
    )


def _finish(trials: Sequence[Trial]) -> None:
    refused = [host for trial in trials for host in trial.refused_hosts]
    if refused:
        say(f"{refusal_of(refused)}, or let it through with --live.")
    broken = [trial.name for trial in trials if trial.is_broken]
    if broken:
        say(f"{len(broken)} of {len(trials)} went wrong: {', '.join(broken)}")
        if not refused:
            say("Next: mend what `raised` or `mParticle sees` shows above.")
        raise typer.Exit(ExitCode.CHECK_FAILED)
