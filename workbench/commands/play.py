"""`firehose play`: mParticle in a box, a day of several customers and what became of it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from threading import Event
from typing import Annotated

import typer

from console.exit_codes import ExitCode, UsageError
from console.interruption import stop_on_ctrl_c
from console.options import DEFAULT_DEPLOYMENT, DeploymentOption, FormatOption, RegionOption
from console.output import Format, Record, say, write
from console.planned_regions import planned
from console.progress import Steps, steps
from console.token_file import read_token
from console.whole_file import write_whole
from plan.region_plan import RegionPlan
from probe.customer_settings import SettingsOption, read_settings
from probe.deployed_stages import LIMITS_MS
from probe.sample_messages import some_seed
from workbench.endpoint_target import EndpointTarget, TargetOption, UrlTokenOption
from workbench.message_files import read_messages
from workbench.network_guard import refusal_of
from workbench.play.made_up_day import DayChoices
from workbench.play.play_ledger import LedgerRow, MessageFate, PlayLedger
from workbench.play.play_records import AudienceSuspended
from workbench.play.played_regions import (
    PlayChoices,
    PlayedRegion,
    region_at_url,
    region_deployed,
    region_in_process,
    region_on_embedded_aws,
)
from workbench.play.sender_rules import SenderRules
from workbench.service_script import ScriptOption, read_script

_FACTS = (
    "pod",
    "account",
    "family",
    "sent",
    "acknowledged",
    "delivered",
    "duplicated",
    "refused",
    "lost",
    "p99",
)


def play(
    source: Annotated[
        str | None,
        typer.Argument(metavar="FILE|FOLDER|-", help="Recorded messages; without, a made-up day."),
    ] = None,
    *,
    target: TargetOption = EndpointTarget.IN_PROCESS,
    url: Annotated[
        str | None, typer.Option(help="A URL instead, such as firehose serve's.", metavar="URL")
    ] = None,
    token: UrlTokenOption = None,
    messages: Annotated[int, typer.Option(help="Messages to make up in each region.", min=1)] = 400,
    customers: Annotated[
        int, typer.Option(help="Customers to make up in each region.", min=1, max=999)
    ] = 3,
    seed: Annotated[
        int | None, typer.Option(min=0, help="The same seed plays the same day.")
    ] = None,
    script: ScriptOption = None,
    minutes: Annotated[
        float, typer.Option(help="How long the day takes where waits are real.", min=0.01)
    ] = 1.0,
    repeat_errors: Annotated[
        bool,
        typer.Option("--repeat-errors", help="Repeat function errors too, which is undocumented."),
    ] = False,
    keep_lost: Annotated[
        Path | None,
        typer.Option(
            "--lost", help="Write lost messages to this file, one per line.", metavar="FILE"
        ),
    ] = None,
    settings: SettingsOption = None,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    region: RegionOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Play mParticle for a day: every pod and transport, retries, suspended audiences, checks.

    Sends the messages that your registration asks for, made up or recorded. In this process no
    wait is real, and a stand-in takes the place of your service; --target deployed and --url get
    real calls with made-up people. The ledger says what became of each message; the exit code is
    1 if one was lost. docs/play.md says what mParticle documents and what is our guess.

    Example: firehose play --messages 2000 --script outage.toml
    """
    chosen = some_seed() if seed is None else seed
    choices = PlayChoices(
        day=DayChoices(messages=messages, customers=customers, seed=chosen),
        recorded=read_messages(source) if source else (),
        rules=SenderRules(repeats_errors=repeat_errors),
        script=read_script(script) if script else (),
        entered=read_settings(settings),
        minutes=minutes,
    )
    _check(target, url=url, script=script)
    word = read_token(token)
    ledgers, suspended = list[PlayLedger](), list[AudienceSuspended]()
    with stop_on_ctrl_c() as stop, steps("messages") as progress:
        for plan in planned(deployment, region)[: 1 if url else None]:
            with _ready(plan, choices, target, deployment, url=url, token=word) as ready:
                # What is said now would be taken for the integration's own output.
                ledger, stopped = _played(ready, progress, stop)
            ledgers.append(ledger)
            suspended += stopped
            if stop.is_set():
                break
    rows = [row for ledger in ledgers for row in ledger.rows()]
    write([_record(row, form) for row in rows], form=form, facts=_FACTS, details=False)
    for account, count in Counter(it.customer.account_id for it in suspended).items():
        say(f"The audiences of {account} were suspended {count} times, and resumed by the customer")
    say(f"Played with --seed {chosen}")
    if stop.is_set():
        say("Stopped; the rest was not played.\nNext: run it again, or with fewer --messages")
        raise typer.Exit(ExitCode.INTERRUPTED)
    if keep_lost:
        _keep(keep_lost, [fate for ledger in ledgers for fate in ledger.lost])
    _conclude(ledgers)


def _check(target: EndpointTarget, *, url: str | None, script: Path | None) -> None:
    if script and (url or target is EndpointTarget.DEPLOYED):
        raise UsageError(
            "--script steers a service on this machine, and what is live calls yours",
            next_step="leave out --script, or play in-process or with --target local",
        )


@contextmanager
def _ready(
    plan: RegionPlan,
    choices: PlayChoices,
    target: EndpointTarget,
    deployment: Path,
    *,
    url: str | None,
    token: str | None,
) -> Iterator[PlayedRegion]:
    if url:
        made = region_at_url(plan, choices, url=url, token=token)
    elif target is EndpointTarget.LOCAL:
        made = region_on_embedded_aws(plan, choices, deployment)
    elif target is EndpointTarget.DEPLOYED:
        made = region_deployed(plan, choices)
    else:
        made = region_in_process(plan, choices)
    with made as ready:
        if url or target is EndpointTarget.DEPLOYED:
            say(f"{plan.region}: {len(ready.messages)} messages about made-up people are sent …")
        yield ready
    if ready.refused_hosts:
        say(refusal_of(ready.refused_hosts))


def _played(
    ready: PlayedRegion, progress: Steps, stop: Event
) -> tuple[PlayLedger, list[AudienceSuspended]]:
    """Play one region to its end, or until somebody stops it, and keep its books."""
    ledger, suspended, begun = PlayLedger(ready.region), list[AudienceSuspended](), set[str]()
    for record in ready.play():
        if isinstance(record, AudienceSuspended):
            suspended.append(record)
            continue
        ledger.note(record)
        if record.message.id not in begun:
            begun.add(record.message.id)
            note = f"{int(record.at // 3600):02}:{int(record.at % 3600 // 60):02}"
            progress.report(ready.region, len(begun), len(ready.messages), note)
        if stop.is_set():
            break
    return ledger, suspended


def _record(row: LedgerRow, form: Format) -> Record:
    """Give a row; a table of 100 columns has no room for all of the last heading."""
    record = asdict(row)
    return record | {"p99": row.p99_ms} if form is Format.TABLE else record


def _keep(file: Path, lost: Sequence[MessageFate]) -> None:
    lines = [f"{json.dumps(fate.message.content)}\n" for fate in lost]
    write_whole(file, "".join(lines), mode=0o600)  # with the settings that were entered
    say(f"{len(lines)} lost messages are in {file}")


def _conclude(ledgers: Sequence[PlayLedger]) -> None:
    rows = [row for ledger in ledgers for row in ledger.rows()]
    for limit_ms, late in _late(rows).items():
        say(f"p99 over mParticle's {limit_ms} ms: {', '.join(late)}; times here are only a hint")
    if duplicated := sum(row.duplicated for row in rows):
        say(f"{duplicated} messages reached your service twice, and nothing told it so.")
    lost = [fate for ledger in ledgers for fate in ledger.lost]
    waiting = sum(row.waiting for row in rows)
    for reason, count in Counter(fate.reason for fate in lost).most_common():
        say(f"{count} lost: {reason}")
    if not lost and not waiting:
        say(f"Nothing is lost: {sum(row.sent for row in rows)} messages.")
        return
    if waiting:
        say(f"{waiting} still wait for your service after another day")
    say(
        "Next: play it again with --lost FILE, then firehose try FILE; [processing] overflow or"
        " queued keeps what fails for now"
    )
    raise typer.Exit(ExitCode.CHECK_FAILED)


def _late(rows: Sequence[LedgerRow]) -> dict[int, list[str]]:
    """Find the customers' families whose p99 is beyond what their transport allows."""
    late: dict[int, list[str]] = {}
    for row in rows:
        limit_ms = LIMITS_MS[row.transport]
        if row.p99_ms and row.p99_ms > limit_ms:
            late.setdefault(limit_ms, []).append(f"{row.account} {row.family}")
    return late
