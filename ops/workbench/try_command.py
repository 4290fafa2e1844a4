"""`firehose try`: messages through the configured integration in this process, and what they do."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer

from endpoint.plugin import IntegrationError
from ops.console.exit_codes import CommandError, ExitCode
from ops.console.options import DEFAULT_DEPLOYMENT, DeploymentOption, FormatOption, planned
from ops.console.output import Format, say
from ops.local.partner_api import BEHAVIOURS, Behaviour
from ops.workbench.in_process import InProcessEndpoint, in_process
from ops.workbench.messages import STANDARD_INPUT, NamedMessage, message_files, read_messages
from ops.workbench.network_guard import refusal_of
from ops.workbench.presented import trial_of
from ops.workbench.recording import recorded
from ops.workbench.relay import relayed
from ops.workbench.service import in_turn, recording_service
from ops.workbench.trial import Bench, Trial
from ops.workbench.trial_report import write_trials
from ops.workbench.watching import run_on_change
from plan.function import SOURCE_PACKAGE
from plan.regions import RegionPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How messages are tried: what the stand-in service answers, or the real one if `live`."""

    answer: Behaviour
    live: bool
    record: Path | None


def try_messages(
    source: Annotated[
        str | None,
        typer.Argument(
            metavar="[FILE|FOLDER|-]",
            help="Messages; left out, the golden ones of the integration's own tests.",
        ),
    ] = None,
    *,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    region: Annotated[
        str | None,
        typer.Option(help="By this region's plan; left out, by the first.", metavar="REGION"),
    ] = None,
    answer: Annotated[
        str,
        typer.Option(help="What your service answers: a status, slow or reset.", metavar="ANSWER"),
    ] = "200",
    retry_after: Annotated[
        int | None, typer.Option(help="The Retry-After of that answer.", metavar="SECONDS", min=0)
    ] = None,
    live: Annotated[
        bool, typer.Option("--live", help="Let the calls go where they are meant to go.")
    ] = False,
    identities: Annotated[
        bool, typer.Option("--identities", help="Show identities by their values.")
    ] = False,
    record: Annotated[
        Path | None,
        typer.Option(help="Write each message as a golden case there.", metavar="FOLDER"),
    ] = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Run again when the messages or the code change.")
    ] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Try messages: hooks called, calls made, the response to mParticle, what the worker does.

    Everything runs in this process, with the endpoint's own code. Every URL of [environment]
    leads to a service on this machine that answers 200; no connection leaves the machine.
    Credentials are shown by the name of their setting, identities by their type. Times are of one
    run; memory is measured in another, with --live not at all.

    Example: firehose try tests/integration/golden --answer 401
    """
    if watch:
        if source == STANDARD_INPUT:
            raise CommandError(
                "--watch: standard input does not change",
                next_step="name a file or a folder",
                exit_code=ExitCode.USAGE,
            )
        run_on_change([Path(SOURCE_PACKAGE), deployment, *([Path(source)] if source else [])])
        return
    way = Way(answer=_behaviour(answer, retry_after), live=live, record=record)
    plan = planned(deployment, [region] if region else None)[0]
    messages = _labelled(read_messages(source or _golden_folder(plan)), answer, way)
    trials = _tried(plan, messages, way)
    records = [trial_of(trial, identities=identities) for trial in trials]
    write_trials(records, form=form, transports=plan.transports, stream=sys.stdout)
    _finish(trials)


def _tried(plan: RegionPlan, messages: Sequence[NamedMessage], way: Way) -> list[Trial]:
    try:
        with _benches(plan, way) as (bench, endpoint):
            trials = [_try(bench, message, way) for message in messages]
            if way.record:
                for message, trial in zip(messages, trials, strict=True):
                    recorded(way.record, message, trial, endpoint.integration)
    except IntegrationError as error:
        raise CommandError(
            str(error), next_step="mend code.integration in the deployment file"
        ) from None
    if way.record:
        say(f"Recorded below {way.record}: {', '.join(message.name for message in messages)}")
    return trials


def _try(bench: Bench, message: NamedMessage, way: Way) -> Trial:
    trial = bench.run(message.name, message.content)
    if way.live:
        return trial  # the real service should not be called twice
    return replace(trial, allocated_kib=bench.allocated_kib(message.content))


@contextmanager
def _benches(plan: RegionPlan, way: Way) -> Iterator[tuple[Bench, InProcessEndpoint]]:
    if not way.live:
        with (
            recording_service(in_turn([way.answer])) as service,
            in_process(plan, service_url=service.url) as endpoint,
        ):
            yield Bench(endpoint, service.take), endpoint
        return
    with relayed(plan.function.environment) as (environment, relays):
        led = replace(plan, function=replace(plan.function, environment=environment))
        with in_process(led, service_url=None) as endpoint:
            take = chain.from_iterable
            yield Bench(endpoint, lambda: take(relay.take() for relay in relays)), endpoint


def _behaviour(answer: str, retry_after: int | None) -> Behaviour:
    if answer in {"slow", "reset"}:
        return BEHAVIOURS[answer]
    if answer.isascii() and answer.isdigit() and 200 <= int(answer) <= 599:
        return Behaviour(status=int(answer), retry_after=retry_after)
    raise CommandError(
        f"--answer: found {answer}",
        next_step="give a status from 200 to 599, slow or reset",
        exit_code=ExitCode.USAGE,
    )


def _golden_folder(plan: RegionPlan) -> str:
    package = (plan.function.integration or "").partition(":")[0].partition(".")[0]
    folder = Path("tests") / package / "golden"
    if folder.is_dir() and message_files(folder):
        return str(folder)
    raise CommandError(
        f"There are no messages in {folder}",
        next_step="name a file, a folder or - : firehose try FILE",
        exit_code=ExitCode.USAGE,
    )


def _labelled(messages: list[NamedMessage], answer: str, way: Way) -> list[NamedMessage]:
    """Keep the cases of one message with several answers apart."""
    if way.record is None or answer == "200":
        return messages
    return [replace(message, name=f"{message.name}-{answer}") for message in messages]


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
