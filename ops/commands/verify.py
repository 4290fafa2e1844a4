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
from console.options import (
    DEFAULT_DEPLOYMENT,
    DeploymentOption,
    FormatOption,
    RegionOption,
    planned,
)
from console.outcomes import finish
from console.output import Format, Record, say, write
from console.progress import steps
from ops.live.every_region import in_live_regions
from ops.live.region import LiveRegion
from ops.proof.latency_check import DEFAULT_RATE, DEFAULT_SECONDS, Measured, measure
from ops.proof.proof_file import RegionProof, shown_versions, write_proof
from ops.proof.verdicts import Verdict, call_region
from plan.region_plan import RegionPlan
from probe.customer_settings import Settings, SettingsOption, read_settings
from probe.endpoint_answer import shortened
from probe.message_checks import QUICK_CHECKS

_FACTS = ("region", "transport", "message", "milliseconds", "right")
DEFAULT_REPORT = Path("build/proof.json")


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
    report: Annotated[
        Path, typer.Option(help="Where the proof is saved.", metavar="FILE")
    ] = DEFAULT_REPORT,
    settings: SettingsOption = None,
) -> None:
    """Send every request type, idle requests and odd ones to what mParticle calls in each region.

    That is the alias ARN, the URL with the stored token, or both. The calls are real and reach the
    integration; the people and ids in them are made up. Who may invoke is compared with the plan,
    and what was found is saved for `firehose handoff`.

    Example: firehose verify --region us-east-1 --answers
    """
    plans = planned(deployment, region)
    entered = read_settings(settings)
    say(f"Calling {len(plans)} regions with {len(QUICK_CHECKS)} messages over each transport …")
    found, failures = in_live_regions(plans, lambda live: _prove(live, entered))
    verdicts = [verdict for _, proof in found for verdict in proof.verdicts]
    whole = answers and form is Format.JSON
    rows = [_record(verdict, whole=whole) for verdict in verdicts]
    write(rows, form=form, facts=_FACTS, details=False)
    if answers and not whole:
        sys.stdout.writelines(_answer_line(verdict) for verdict in verdicts)
    proven = {plan.region: proof for plan, proof in found}
    if latency:
        with stop_on_ctrl_c() as stop, steps("calls") as progress:
            measured, refused = in_live_regions(
                [plan for plan, _ in found],
                lambda live: measure(
                    live,
                    entered=entered,
                    rate=rate,
                    seconds=seconds,
                    stop=stop,
                    progress=progress,
                ),
            )
        failures += refused
        for plan, results in measured:
            proven[plan.region] = proven[plan.region].with_latency(results)
            _show(plan, results)
        if stop.is_set():
            say("Stopped; nothing is saved.\nNext: run it again for as long as you have time")
            raise typer.Exit(ExitCode.INTERRUPTED)
    write_proof(report, plans[0].name, list(proven.values()))
    say(f"Saved: {report}")
    finish(failures, [text for proof in proven.values() for text in _problems(proof)])
    conclude(verdicts)


def conclude(verdicts: Sequence[Verdict]) -> None:
    """Say how many answers are right, and what could be better without anybody demanding it."""
    better = [it for it in verdicts if it.advice]
    for it in better:
        say(f"{it.region}: {it.transport}: {it.message}: advice: {it.advice}")
    right = len(verdicts) - len(better)
    count = f"{right} of {len(verdicts)}" if better else f"All {right}"
    say(f"{count} answers are right. Next: firehose handoff")


def _prove(live: LiveRegion, entered: Settings) -> RegionProof:
    return RegionProof(
        region=live.plan.region,
        pods=live.plan.pods,
        versions=shown_versions(live),
        verdicts=call_region(live, entered),
        differences=[str(it) for it in live.differences],
        latency=(),
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


def _problems(proof: RegionProof) -> list[str]:
    texts = [
        f"{proof.region}: {it.message}: {it.problem}"
        f"\nNext: read the function's log for the id {it.id}, mend the integration, deploy again"
        for it in proof.verdicts
        if it.problem
    ]
    texts += proof.differences
    texts += [
        f"{proof.region}: {one.transport}: {one.summary.conclusion}: {one.next_step}"
        for one in proof.latency
        if one.next_step
    ]
    return texts


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
