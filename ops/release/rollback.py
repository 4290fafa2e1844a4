"""`firehose rollback`: point the aliases back to an older version, in all or some regions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from ops.aws import in_every_region
from ops.console.exit_codes import CommandError
from ops.console.options import (
    DEFAULT_DEPLOYMENT,
    DeploymentOption,
    FormatOption,
    RegionOption,
    planned,
)
from ops.console.outcomes import finish, sorted_out
from ops.console.output import Format, Record, say, write
from ops.deployed.aliases import LiveAlias, Version, move, read_aliases
from plan.names import ALIAS
from plan.regions import RegionPlan

if TYPE_CHECKING:
    from boto3.session import Session


@dataclass(frozen=True, slots=True)
class Move:
    """One alias and the version it is to point to."""

    alias: LiveAlias
    to: Version


def rollback(
    *,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    region: RegionOption = None,
    to: Annotated[
        int | None,
        typer.Option(min=1, help="This version; left out, the one before.", metavar="N"),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would move, and move nothing.")
    ] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Point the alias of every region, or of those named, back to an older version.

    What mParticle calls changes within seconds. The worker of the queue has no alias and keeps its
    code. The next `cdk deploy` of new code moves the aliases forward again.

    Example: firehose rollback --region us-east-1 --dry-run
    """
    plans = planned(deployment, region)
    found, failures = sorted_out(
        in_every_region(plans, lambda session, plan: moves(session, plan, to))
    )
    intended = {plan.region: planned_moves for plan, planned_moves in found}
    for plan, planned_moves in found:
        for one in planned_moves:
            say(f"{plan.region}: {_sentence(one, 'would move' if dry_run else 'moving')}")
    done = (
        []
        if dry_run
        else in_every_region(
            [plan for plan, _ in found],
            lambda session, plan: carry_out(session, intended[plan.region]),
        )
    )
    moved, refused = sorted_out(done)
    after = {plan.region: aliases for plan, aliases in moved}
    write(
        [
            _record(plan, one, after.get(plan.region, {}))
            for plan, planned_moves in found
            for one in planned_moves
        ],
        form=form,
    )
    finish([*failures, *refused])
    say("Nothing was moved (--dry-run)." if dry_run else "Next: firehose verify")


def moves(session: Session, plan: RegionPlan, to: int | None) -> list[Move]:
    """Decide what to move in one region. Raises `CommandError` when there is no such version."""
    decided = []
    for alias in read_aliases(session, plan):
        version = alias.before() if to is None else alias.numbered(to)
        if version is None:
            kept = ", ".join(str(found.number) for found in alias.versions)
            what = f"no version {to}" if to else f"no version before {alias.current.number}"
            raise CommandError(
                f"{plan.region}: {alias.function} has {what}; it keeps {kept}",
                next_step="choose one with --to, or deploy the older code with cdk deploy",
            )
        decided.append(Move(alias, version))
    return decided


def carry_out(session: Session, decided: Sequence[Move]) -> Mapping[str, int]:
    """Move a region's aliases, and read where each points afterwards, by function."""
    for one in decided:
        if one.to != one.alias.current:
            move(session, one.alias, one.to.number)
    lambda_ = session.client("lambda")
    return {
        one.alias.function: int(
            lambda_.get_alias(FunctionName=one.alias.function, Name=ALIAS)["FunctionVersion"]
        )
        for one in decided
    }


def _sentence(one: Move, verb: str) -> str:
    if one.to == one.alias.current:
        return f"{one.alias.function} is at version {one.to.number} already"
    return (
        f"{verb} {one.alias.function} from version {one.alias.current.number} to {one.to.number},"
        f" made {one.to.made}"
    )


def _record(plan: RegionPlan, one: Move, after: Mapping[str, int]) -> Record:
    return {
        "region": plan.region,
        "transport": one.alias.transport,
        "function": one.alias.function,
        "before": one.alias.current.number,
        "target": one.to.number,
        "code_before": one.alias.current.code,
        "code_target": one.to.code,
        "now": after.get(one.alias.function),
    }
