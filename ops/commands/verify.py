"""`firehose verify`: call every region as mParticle would, and judge answers, policy and speed."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from console.exit_codes import ExitCode
from console.interruption import stop_on_ctrl_c
from console.options import DEFAULT_DEPLOYMENT, DeploymentOption, FormatOption, RegionOption
from console.outcomes import finish
from console.output import Format, Record, say, write
from console.planned_regions import planned
from console.progress import steps
from ops.live.every_region import Found, in_live_regions
from ops.live.region import LiveRegion
from ops.proof.findings import Checked, Loaded
from ops.proof.from_region import measure_from_region
from ops.proof.latency_check import DEFAULT_RATE, DEFAULT_SECONDS, Measured, measure
from ops.proof.load_options import say_cost, schedule_of
from ops.proof.proof_file import add_proofs, proof_file
from ops.proof.subject import subject_of
from ops.proof.verdicts import Verdict, call_region
from plan.region_plan import RegionPlan
from probe.customer_settings import Settings, SettingsOption, read_settings
from probe.endpoint_answer import shortened
from probe.load_schedule import LoadSchedule
from probe.message_checks import QUICK_CHECKS

_FACTS = ("region", "transport", "message", "milliseconds", "right")


def verify(
    *,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    region: RegionOption = None,
    form: FormatOption = Format.TABLE,
    answers: Annotated[
        bool, typer.Option("--answers", help="Show the answers too; whole with --format json.")
    ] = False,
    latency: Annotated[
        bool, typer.Option("--latency", help="Measure answer times under load as well.")
    ] = False,
    rate: Annotated[
        float, typer.Option(min=0.1, max=1_000, help="With --latency: calls a second.")
    ] = DEFAULT_RATE,
    seconds: Annotated[
        float, typer.Option(min=1, max=3_600, help="With --latency: for how long.")
    ] = DEFAULT_SECONDS,
    from_region: Annotated[
        bool,
        typer.Option(
            "--from-region",
            help="Measure them from a function inside the region, which is removed afterwards.",
        ),
    ] = False,
    ramp: Annotated[
        str | None,
        typer.Option(
            help="With --from-region: raise the rate, to show how many calls run at once.",
            metavar="FIRST:LAST",
        ),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(help="Save the proof there, not in the build folder.", metavar="FILE"),
    ] = None,
    settings: SettingsOption = None,
) -> None:
    """Send every request type, idle requests and odd ones to what mParticle calls in each region.

    That is the alias ARN, the URL with the stored token, or both. The calls are real and reach the
    integration; the people and ids in them are made up. Who may invoke is compared with the plan,
    and when all of it holds it is saved for `firehose handoff`: answers and, with --latency,
    answer times take the place of those of the same region that were saved before.

    Example: firehose verify --latency --from-region --rate 50 --seconds 60
    """
    schedule = schedule_of(rate=rate, seconds=seconds, ramp=ramp, from_region=from_region)
    plans = planned(deployment, region)
    entered = read_settings(settings)
    say(f"Calling {len(plans)} regions with {len(QUICK_CHECKS)} messages over each transport …")
    found, failures = in_live_regions(plans, lambda live: _check(live, entered))
    verdicts = [verdict for _, checked in found for verdict in checked.verdicts]
    _write_answers(verdicts, form=form, answers=answers)
    measured: list[tuple[RegionPlan, Loaded]] = []
    if latency or from_region:
        measured, refused = _measure(
            [plan for plan, _ in found], entered=entered, schedule=schedule, from_region=from_region
        )
        failures += refused
    problems = [text for _, checked in found for text in checked.problems]
    problems += [text for _, loaded in measured for text in loaded.problems]
    if failures or problems:
        say("Nothing is saved: only what holds is proof.")
    finish(failures, problems)
    file = report or proof_file(deployment)
    add_proofs(
        file, plans[0].name, [it.proof() for _, it in found] + [it.proof() for _, it in measured]
    )
    say(f"Saved: {file}")
    conclude(verdicts)


def _write_answers(verdicts: Sequence[Verdict], *, form: Format, answers: bool) -> None:
    whole = answers and form is Format.JSON
    rows = [_record(verdict, whole=whole) for verdict in verdicts]
    write(rows, form=form, facts=_FACTS, details=False)
    if answers and not whole:
        sys.stdout.writelines(_answer_line(verdict) for verdict in verdicts)


def _measure(
    plans: Sequence[RegionPlan], *, entered: Settings, schedule: LoadSchedule, from_region: bool
) -> Found[Loaded]:
    for plan in plans:
        say_cost(plan, schedule, from_region=from_region)
    take = measure_from_region if from_region else measure
    with stop_on_ctrl_c() as stop, steps("calls") as progress:

        def load(live: LiveRegion) -> Loaded:
            subject = subject_of(live)
            loads = take(live, entered=entered, schedule=schedule, stop=stop, progress=progress)
            return Loaded(plan=live.plan, schedule=schedule, subject=subject, loads=loads)

        measured, refused = in_live_regions(plans, load)
    for plan, loaded in measured:
        _show(plan, loaded.loads)
    if stop.is_set():
        say("Stopped; nothing is saved.\nNext: run it again for as long as you have time")
        raise typer.Exit(ExitCode.INTERRUPTED)
    return measured, refused


def conclude(verdicts: Sequence[Verdict]) -> None:
    """Say how many answers are right, and what could be better without anybody demanding it."""
    better = [it for it in verdicts if it.advice]
    for it in better:
        say(f"{it.region}: {it.transport}: {it.message}: advice: {it.advice}")
    right = len(verdicts) - len(better)
    count = f"{right} of {len(verdicts)}" if better else f"All {right}"
    say(f"{count} answers are right. Next: firehose handoff")


def _check(live: LiveRegion, entered: Settings) -> Checked:
    return Checked(
        plan=live.plan,
        subject=subject_of(live),
        verdicts=call_region(live, entered),
        differences=[str(it) for it in live.differences],
    )


def _show(plan: RegionPlan, results: Sequence[Measured]) -> None:
    for one in results:
        numbers = ", ".join(
            f"{name.replace('_', '.')} {value:g} ms"
            for name, value in one.summary.percentiles_ms.items()
        )
        say(f"{plan.region}: {one.transport}: {one.summary.sentence()}")
        say(
            f"  {numbers}; {one.summary.cold} cold; sent late by p99 {one.summary.late_p99_ms:g} ms"
        )


def _answer_line(verdict: Verdict) -> str:
    body = json.dumps(verdict.answer.content, ensure_ascii=False)
    return f"{verdict.region} {verdict.message}:\n  {shortened(body)}\n"


def _record(verdict: Verdict, *, whole: bool) -> Record:
    content = verdict.answer.content
    record: dict[str, object] = {
        "region": verdict.region,
        "transport": verdict.transport,
        "message": verdict.message,
        "id": verdict.id,
        "answer": content.get("type") if isinstance(content, dict) else None,
        "milliseconds": round(verdict.answer.milliseconds, 1),
        "right": verdict.is_right,
    }
    return record | ({"body": content} if whole else {})
