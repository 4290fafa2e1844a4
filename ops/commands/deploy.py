"""`firehose deploy`: every region in waves, each proven before the next, and back if one fails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Annotated

import typer

from cloud.cdk import deploy as deploy_stack
from cloud.cdk import synthesize
from cloud.regions import in_every_region
from console.exit_codes import CommandError, ExitCode
from console.interruption import stop_on_ctrl_c
from console.options import (
    DEFAULT_DEPLOYMENT,
    DeploymentOption,
    FormatOption,
    RegionOption,
    planned,
)
from console.outcomes import finish, sorted_out
from console.output import Format, Record, say, write
from ops.live.aliases import move, read_aliases
from ops.live.differences import read_differences
from ops.live.rollouts import rollouts_under_way
from ops.live.stack import resources_of
from ops.proof.contract import call_endpoint
from ops.readiness.checks import ReadinessState
from ops.readiness.readiness import check_regions
from ops.release.waves import Wave, order_of, waves_of
from plan.region_plan import RegionPlan
from probe.customer import Settings, SettingsOption, read_settings

if TYPE_CHECKING:
    from boto3.session import Session

Versions = Mapping[str, int]
"""Of each endpoint's alias, by function; empty before the first deployment."""


@dataclass(slots=True)
class Progress:
    """How far a deployment has come, by region."""

    before: dict[str, Versions] = field(default_factory=dict)
    after: dict[str, Versions] = field(default_factory=dict)
    outcome: dict[str, str] = field(default_factory=dict)


def deploy(
    *,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    region: RegionOption = None,
    wave: Annotated[
        list[str] | None,
        typer.Option(help="Regions of one wave, in order: R or R,R.", metavar="R[,R]"),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Check and show the order; deploy nothing.")
    ] = False,
    settings: SettingsOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Deploy region by region with the CDK CLI: us-east-1 first, then the others together.

    Before it, preflight; after each region, its answers and who may invoke. When a wave fails,
    every alias that this run moved goes back to where it was, and later waves are not begun.
    `cdk deploy` alone works too.

    Example: firehose deploy --dry-run
    """
    entered = read_settings(settings)
    waves = waves_of(planned(deployment, region), wave or [])
    say(f"Order: {order_of(waves)}")
    _refuse_unready(deployment, region, keep=not dry_run)
    # again, because a reservation that does not fit has been left out by now
    waves = waves_of(planned(deployment, region), wave or [])
    if dry_run:
        say("Nothing was deployed (--dry-run). Next: firehose deploy")
        return
    say("Synthesizing …")
    synthesize(deployment)
    progress = Progress()
    with stop_on_ctrl_c() as stop:
        failures = _deploy_waves(waves, progress, stop, entered)
    write(_records(waves, progress), form=form)
    finish(failures)
    if stop.is_set():
        say("Stopped; what is deployed works and stays.\nNext: firehose deploy for the rest")
        raise typer.Exit(ExitCode.INTERRUPTED)
    say("Every region is deployed and answers. Next: firehose handoff")


def _refuse_unready(deployment: Path, region: Sequence[str] | None, *, keep: bool) -> None:
    checks, failures = check_regions(deployment, region, keep=keep)
    for check in checks:
        if check.state is not ReadinessState.OK and not check.stops_deploy:
            say(f"{check.state.mark} {check}")
    finish(failures, [f"✗ {check}" for check in checks if check.stops_deploy])


def _deploy_waves(
    waves: Sequence[Wave], progress: Progress, stop: Event, entered: Settings
) -> list[CommandError]:
    """Deploy wave after wave until one fails; then take back what this run moved."""
    for number, wave in enumerate(waves, 1):
        if stop.is_set():
            break
        say(f"Wave {number} of {len(waves)}: {order_of([wave])} …")
        found, failures = sorted_out(
            in_every_region(wave, lambda session, plan: _deploy(session, plan, progress, entered))
        )
        for plan, _ in found:
            say(f"{plan.region}: deployed, answers right")
        if failures:
            done = [plan for earlier in waves[:number] for plan in earlier]
            return [*failures, *_take_all_back(done, progress)]
    return []


def _deploy(session: Session, plan: RegionPlan, progress: Progress, entered: Settings) -> None:
    """Deploy and prove one region."""
    progress.before[plan.region] = _versions(session, plan)
    progress.outcome[plan.region] = "failed"
    deploy_stack(plan)
    progress.after[plan.region] = _versions(session, plan)
    differences = read_differences(session, plan)
    if differences:
        raise CommandError(
            "\n".join(text.partition("\nNext")[0] for text in differences),
            next_step=f"firehose verify --region {plan.region} tells what to do about each",
        )
    wrong = [verdict for verdict in call_endpoint(session, plan, entered) if verdict.problem]
    if wrong:
        raise CommandError(
            "\n".join(f"{plan.region}: {it.message}: {it.problem}" for it in wrong),
            next_step=f"firehose logs --region {plan.region}, mend the integration, deploy again",
        )
    progress.outcome[plan.region] = "deployed"


def _versions(session: Session, plan: RegionPlan) -> Versions:
    try:
        return {it.function: it.current.number for it in read_aliases(session, plan)}
    except CommandError as error:
        if error.exit_code is not ExitCode.NOT_DEPLOYED:
            raise
        return {}


def _take_all_back(plans: Sequence[RegionPlan], progress: Progress) -> list[CommandError]:
    """Point every alias that was moved to the version it had before."""
    _, failures = sorted_out(
        in_every_region(plans, lambda session, plan: take_back(session, plan, progress))
    )
    # a region without a stack has nothing to take back; that it failed was told already
    return [failure for failure in failures if failure.exit_code is not ExitCode.NOT_DEPLOYED]


def take_back(session: Session, plan: RegionPlan, progress: Progress) -> None:
    """Point a region's aliases to the versions recorded before, where this run moved them.

    Raises `CommandError` while CodeDeploy moves one: the CDK CLI has waited for ours to end.
    """
    before = progress.before.get(plan.region, {})
    resources = resources_of(session, plan)
    if rollouts := rollouts_under_way(session, resources):
        raise CommandError(
            f"{plan.region}: the alias stays where it is: somebody's rollout is under way"
            f" ({', '.join(rollouts)})",
            next_step=f"firehose rollback --region {plan.region} stops it and goes back",
        )
    for alias in read_aliases(session, plan, resources):
        version = before.get(alias.function)
        if version is None:
            say(f"{plan.region}: {alias.function} had no version before and stays")
        elif version != alias.current.number or alias.shifting_to:
            move(session, alias, version)
            say(f"{plan.region}: {alias.function} is back at version {version}")
            progress.outcome[plan.region] = "taken back"
    progress.after[plan.region] = _versions(session, plan)


def _records(waves: Sequence[Wave], progress: Progress) -> list[Record]:
    return [
        {
            "wave": number,
            "region": plan.region,
            "stack": plan.stack_name,
            "outcome": progress.outcome.get(plan.region, "not begun"),
            "before": list(progress.before.get(plan.region, {}).values()),
            "now": list(progress.after.get(plan.region, {}).values()),
        }
        for number, wave in enumerate(waves, 1)
        for plan in wave
    ]
