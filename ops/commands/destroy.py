"""`firehose destroy`: the end of a deployment, after its name was typed."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from threading import Event
from typing import TYPE_CHECKING, Annotated

import typer

from cloud.queues import queue_urls, read_depths
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
from ops.live.stack import resources_of
from plan.deployment import load
from plan.names import token_key_name
from plan.region_plan import RegionPlan

if TYPE_CHECKING:
    from boto3.session import Session
    from mypy_boto3_cloudformation import CloudFormationClient

_PAUSE_SECONDS = 2.0
_LONGEST_SECONDS = 1_800


@dataclass(frozen=True, slots=True, kw_only=True)
class Doomed:
    """One region's stack: how much is in it, and the messages that would be lost with it."""

    resources: int
    waiting: int
    dead: int


def destroy(
    *,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    region: RegionOption = None,
    confirm: Annotated[
        str | None,
        typer.Option(help="The deployment's name, where nobody can type it.", metavar="NAME"),
    ] = None,
    lose_messages: Annotated[
        bool, typer.Option("--lose-messages", help="Though messages wait that would be lost.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would go, and touch nothing.")
    ] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Delete the stacks of every region, or of those named, termination protection and all.

    mParticle's calls fail from then on, and the ARNs or URLs that it has never work again unless
    the same name is deployed again. Asks for the deployment's name first.

    Example: firehose destroy --region ap-southeast-2 --dry-run
    """
    name = load(deployment).name
    found, failures = sorted_out(in_every_region(planned(deployment, region), examine))
    write([_record(plan, doomed) for plan, doomed in found], form=form)
    for failure in failures:
        say(str(failure))
    if dry_run or not found:
        say("Nothing was deleted." if not found else "Nothing was deleted (--dry-run).")
        finish(failures)
        return
    _refuse_to_lose(found, lose_messages=lose_messages)
    _confirm(name, [plan for plan, _ in found], confirm)
    with stop_on_ctrl_c() as stop:
        done, refused = sorted_out(
            in_every_region(
                [plan for plan, _ in found], lambda session, plan: delete(session, plan, stop)
            )
        )
    for plan, is_gone in done:
        going = "is gone" if is_gone else "is being deleted by CloudFormation, which goes on"
        say(f"{plan.region}: {plan.stack_name} {going}")
    finish([*failures, *refused])
    if not all(is_gone for _, is_gone in done):
        say("Stopped waiting.\nNext: run it again to see the rest go")
        raise typer.Exit(ExitCode.INTERRUPTED)
    first = planned(deployment)[0]
    if first.https:
        say(
            f"The key of `firehose token keygen`, if you made one, stays: aws secretsmanager"
            f" delete-secret --secret-id {token_key_name(name)} --region {first.region}"
        )
    say("Next: tell mParticle, so that it stops calling.")


def examine(session: Session, plan: RegionPlan) -> Doomed:
    """Count what would be deleted. Raises `CommandError` with exit code 4 when there is nothing."""
    resources = resources_of(session, plan)
    depths = read_depths(session, queue_urls(session, plan)) if plan.delivery else None
    return Doomed(
        resources=sum(map(len, resources.values())),
        waiting=depths.waiting + depths.delayed + depths.in_flight if depths else 0,
        dead=depths.dead if depths else 0,
    )


def delete(session: Session, plan: RegionPlan, stop: Event) -> bool:
    """Delete a region's stack and wait until it is gone; false if `stop` was set before it was.

    Raises `CommandError` when CloudFormation stops half-way or takes too long.
    """
    from botocore.exceptions import ClientError  # noqa: PLC0415 - see cloud.regions

    cloudformation = session.client("cloudformation")
    stack = cloudformation.describe_stacks(StackName=plan.stack_name)["Stacks"][0]["StackId"]
    say(f"{plan.region}: deleting {plan.stack_name} …")
    if plan.termination_protection:
        cloudformation.update_termination_protection(
            StackName=plan.stack_name, EnableTerminationProtection=False
        )
    cloudformation.delete_stack(StackName=stack)
    try:
        return _is_gone(cloudformation, stack, plan, stop)
    except ClientError as error:
        if "does not exist" not in str(error):
            raise
        return True


def _is_gone(
    cloudformation: CloudFormationClient, stack: str, plan: RegionPlan, stop: Event
) -> bool:
    deadline = time.monotonic() + _LONGEST_SECONDS
    while (
        status := cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"]
    ) != "DELETE_COMPLETE":
        if status != "DELETE_IN_PROGRESS" or time.monotonic() > deadline:
            raise CommandError(
                f"{plan.region}: {plan.stack_name} is {status}",
                next_step=f"see the stack's events in CloudFormation in {plan.region}, remove what"
                " keeps it, then run it again",
            )
        if stop.wait(_PAUSE_SECONDS):
            return False
    return True


def _refuse_to_lose(found: list[tuple[RegionPlan, Doomed]], *, lose_messages: bool) -> None:
    losing = [
        f"{plan.region}: {doomed.waiting} messages wait and {doomed.dead} could not be delivered"
        for plan, doomed in found
        if doomed.waiting or doomed.dead
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
        raise CommandError(
            f"Nothing was deleted: {name} in {where} was not confirmed",
            next_step=f"type {name} when asked, or pass --confirm {name}",
            exit_code=ExitCode.USAGE,
        )


def _record(plan: RegionPlan, doomed: Doomed) -> Record:
    return {
        "region": plan.region,
        "stack": plan.stack_name,
        "resources": doomed.resources,
        "waiting": doomed.waiting,
        "dead": doomed.dead,
    }
