"""`firehose destroy`: the end of a deployment, after its name was typed."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from threading import Event
from typing import Annotated

import typer

from console.exit_codes import CommandError, ExitCode, UsageError
from console.interruption import stop_on_ctrl_c
from console.options import DEFAULT_DEPLOYMENT, DeploymentOption, FormatOption, RegionOption
from console.outcomes import finish
from console.output import Format, Record, say, write
from console.planned_regions import ReadDeployment, read_deployment
from ops.live.every_region import in_live_regions
from ops.live.orphans import find_orphans
from ops.live.region import LiveRegion
from ops.release.removal import Removal, Retained, delete, delete_retained, examine
from plan.names import token_key_name
from plan.region_plan import RegionPlan


def destroy(
    *,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    region: RegionOption = None,
    confirm: Annotated[
        str | None,
        typer.Option(help="The deployment's name, where nobody can type it.", metavar="NAME"),
    ] = None,
    lose_messages: Annotated[
        bool,
        typer.Option("--lose-messages", help="Delete although waiting messages are lost with it."),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would go, and touch nothing.")
    ] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Delete the stack of every region, or of those named, although it is protected.

    Without --region, stacks in regions that the deployment file no longer plans go as well.

    mParticle's calls fail from then on. The same name deployed again in the same account has the
    same ARNs, but other URLs, and mParticle's token has to be stored again. Asks for the
    deployment's name first.

    Example: firehose destroy --region ap-southeast-2 --dry-run
    """
    chosen = read_deployment(deployment)
    plans, first = _planned_or_orphaned(chosen, region), chosen.wanted[0]
    name = first.name
    found, failures = in_live_regions(plans, examine)
    _show(found, failures, form)
    if dry_run or not found:
        say("Nothing was deleted." if not found else "Nothing was deleted (--dry-run).")
        _end_with(failures)
        return
    _refuse_to_lose(found, lose_messages=lose_messages)
    _confirm(name, [plan for plan, _ in found], confirm)
    retained = {plan.region: removal.retained for plan, removal in found}
    with stop_on_ctrl_c() as stop:
        done, refused = in_live_regions(
            [plan for plan, _ in found], lambda live: _delete(live, retained, stop)
        )
    for plan, is_gone in done:
        going = "is gone" if is_gone else "is being deleted by CloudFormation, which goes on"
        say(f"{plan.region}: {plan.stack_name} {going}")
        for command in () if is_gone else retained[plan.region].commands(plan.region):
            say(f"{plan.region}: stays when the stack is gone: {command}")
    finish(refused)
    if not all(is_gone for _, is_gone in done):
        say("Stopped waiting.\nNext: run it again while a stack is there, or the commands above")
        raise typer.Exit(ExitCode.INTERRUPTED)
    if first.https:
        say(
            f"The key of `firehose token keygen`, if you made one, stays: aws secretsmanager"
            f" delete-secret --secret-id {token_key_name(name)} --region {first.region}"
        )
    say("Next: tell mParticle, so that it stops calling.")
    _end_with(failures)


def _show(
    found: list[tuple[RegionPlan, Removal]], failures: Sequence[CommandError], form: Format
) -> None:
    write([_record(plan, removal) for plan, removal in found], form=form)
    for plan, removal in found:
        for text in removal.lost:
            say(f"{plan.region}: lost for good: {text}")
    for failure in failures:
        say(str(failure))


def _planned_or_orphaned(chosen: ReadDeployment, region: list[str] | None) -> list[RegionPlan]:
    """Plan the regions named, or every planned one and those with a stack that nobody plans.

    Raises `UsageError` for a region that mParticle has none of its pods in.
    """
    if region is None:
        return [*chosen.wanted, *find_orphans(chosen.elsewhere)]
    unplanned = {it.region: it for it in chosen.elsewhere}
    ours = chosen.only([it for it in region if it not in unplanned]).wanted
    return [
        *(it for it in ours if it.region in region),
        *(it for name, it in unplanned.items() if name in region),
    ]


def _end_with(failures: Sequence[CommandError]) -> None:
    """End with the code of failures that were told already."""
    if failures:
        raise typer.Exit(failures[0].exit_code)


def _delete(live: LiveRegion, retained: Mapping[str, Retained], stop: Event) -> bool:
    is_gone = delete(live, stop)
    if is_gone:
        delete_retained(live, retained[live.plan.region])
    return is_gone


def _refuse_to_lose(found: list[tuple[RegionPlan, Removal]], *, lose_messages: bool) -> None:
    losing = [
        f"{plan.region}: {removal.waiting} messages wait and {removal.dead} could not be delivered"
        for plan, removal in found
        if removal.waiting or removal.dead
    ]
    if losing and not lose_messages:
        raise CommandError(
            "\n".join([*losing, "They would be lost."]),
            next_step="let the queues run empty (firehose status), or add --lose-messages",
        )


def _confirm(name: str, plans: list[RegionPlan], given: str | None) -> None:
    where = ", ".join(plan.region for plan in plans)
    if given is None and sys.stdin.isatty():
        sys.stderr.write(f"This deletes {name} in {where} for good. Type {name} to go on: ")
        sys.stderr.flush()
        given = sys.stdin.readline().strip()
    if given != name:
        raise UsageError(
            f"Nothing was deleted: {name} in {where} was not confirmed",
            next_step=f"type {name} when asked, or pass --confirm {name}",
        )


def _record(plan: RegionPlan, removal: Removal) -> Record:
    return {
        "region": plan.region,
        "stack": plan.stack_name,
        "resources": removal.resources,
        "waiting": removal.waiting,
        "dead": removal.dead,
    }
