"""`firehose deploy`: every region in waves, each proven before the next, and back if one fails."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from cloud.cdk import deploy as deploy_stack
from cloud.cdk import diff, synthesize
from console.exit_codes import CommandError, ExitCode
from console.interruption import stop_on_ctrl_c
from console.options import DEFAULT_DEPLOYMENT, DeploymentOption, FormatOption, RegionOption
from console.outcomes import finish, named
from console.output import Format, Record, say, write
from console.planned_regions import read_deployment
from console.progress import steps
from ops.live.every_region import in_live_regions
from ops.live.region import LiveRegion
from ops.proof.verdicts import call_region
from ops.readiness.checks import ReadinessCheck, ReadinessState
from ops.readiness.readiness import check_regions
from ops.release.preview import preview
from ops.release.release import Release
from ops.release.stack_diff import changes_in
from ops.release.waves import order_of, waves_of
from plan.build_folder import build_folder
from plan.region_plan import RegionPlan
from probe.customer_settings import Settings, SettingsOption, read_settings

_CHANGE_FACTS = ("state", "region", "change", "effect", "properties", "resource")


def deploy(
    *,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    region: RegionOption = None,
    wave: Annotated[
        list[str] | None,
        typer.Option(help="Regions of one wave, in order: R or R,R.", metavar="R[,R]"),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change; deploy nothing.")
    ] = False,
    settings: SettingsOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Deploy region by region with the CDK CLI: us-east-1 first, then the others together.

    `--dry-run` compares every region with `cdk diff`: which resources change and which do not
    survive that, which versions move, who may invoke, what it costs. Its words are in
    build/deploy/diff-REGION.log.

    Before it, preflight; after each region, every alias is moved to what the stack made, and the
    answers and who may invoke are proven. When a wave fails, every alias that this run moved goes
    back to where it was, and later waves are not begun. `cdk deploy` alone works too.

    Example: firehose deploy --dry-run
    """
    entered = read_settings(settings)
    chosen = read_deployment(deployment, region)
    say(f"Order: {order_of(waves_of(chosen.wanted, wave or []))}")
    _refuse_unready(*check_regions(chosen, is_part=bool(region), keep=not dry_run))
    waves = waves_of(chosen.regions(), wave or [])  # without a reservation that does not fit
    say("Synthesizing …")
    folder = build_folder(deployment)
    synthesize(deployment, folder=folder)
    if dry_run:
        _preview([plan for wave in waves for plan in wave], folder, form)
        return
    with stop_on_ctrl_c() as stop, steps("resources") as progress:
        release = Release(
            waves=waves,
            deploy_stack=lambda plan: deploy_stack(
                plan, folder=folder, report=partial(progress.report, plan.region)
            ),
            prove=lambda live: _problems(live, entered),
        )
        failures = release.run(stop)
    write(_records(release), form=form)
    finish(failures)
    if stop.is_set():
        say("Stopped; what is deployed works and stays.\nNext: firehose deploy for the rest")
        raise typer.Exit(ExitCode.INTERRUPTED)
    deployed = [plan for wave in waves for plan in wave]
    only = named(deployed, chosen.every)
    what = (
        f"Deployed, and answers right: {only}" if only else "Every region is deployed and answers"
    )
    say(f"{what}. Next: firehose handoff")


def _preview(plans: Sequence[RegionPlan], folder: Path, form: Format) -> None:
    found, failures = in_live_regions(
        plans, lambda live: preview(live, changes_in(diff(live.plan, folder=folder)))
    )
    previews = [it for _, it in found]
    if form is Format.JSON:
        write([it.record() for it in previews], form=form)
    else:
        rows = [row for it in previews for row in it.rows()]
        write(rows, form=form, facts=_CHANGE_FACTS, details=False, one_line=True)
        if form is Format.MARKDOWN:
            write([{"region": it.plan.region, **it.facts()} for it in previews], form=form)
    for it in previews:
        for what, text in it.facts().items():
            say(f"{it.plan.region}: {what}: {text}")
    finish(failures)
    say("Nothing was deployed (--dry-run). Next: firehose deploy")


def _refuse_unready(checks: Sequence[ReadinessCheck], failures: Sequence[CommandError]) -> None:
    for check in checks:
        if check.state is not ReadinessState.OK and not check.stops_deploy:
            say(f"{check.state.mark} {check}")
    finish(failures, [f"{check.state.mark} {check}" for check in checks if check.stops_deploy])


def _problems(live: LiveRegion, entered: Settings) -> list[str]:
    return [
        f"{live.plan.region}: {verdict.message}: {verdict.problem}"
        for verdict in call_region(live, entered)
        if verdict.problem
    ]


def _records(release: Release) -> list[Record]:
    return [
        {
            "wave": number,
            "region": plan.region,
            "stack": plan.stack_name,
            "outcome": release.regions[plan.region].outcome,
            "before": list(release.regions[plan.region].before.values()),
            "now": list(release.regions[plan.region].now.values()),
        }
        for number, wave in enumerate(release.waves, 1)
        for plan in wave
    ]
