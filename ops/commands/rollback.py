"""`firehose rollback`: point the aliases back to an older version, in all or some regions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from cloud.regions import in_every_region
from console.exit_codes import CommandError
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
from ops.live.aliases import LiveAlias, PublishedVersion, move, read_aliases
from ops.live.rollouts import end_rollouts, rollouts_under_way
from ops.live.stack import Resources, resources_of
from plan.names import ALIAS
from plan.region_plan import RegionPlan

if TYPE_CHECKING:
    from boto3.session import Session


@dataclass(frozen=True, slots=True)
class Move:
    """One alias and the version it is to point to."""

    alias: LiveAlias
    to: PublishedVersion

    @property
    def is_done(self) -> bool:
        """Whether that version gets every call already."""
        return self.to == self.alias.current and self.alias.shifting_to is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollback:
    """What to do in one region: move aliases, or stop the rollouts that would move them on.

    When a rollout is stopped, CodeDeploy takes the alias back and CloudFormation the stack.
    """

    moves: Sequence[Move]
    rollouts: Sequence[str]
    resources: Resources


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
    code. The next `cdk deploy` of new code moves the aliases forward again. A gradual rollout that
    is under way is stopped instead, and its calls go back to the version before.

    Example: firehose rollback --region us-east-1 --dry-run
    """
    plans = planned(deployment, region)
    found, failures = sorted_out(
        in_every_region(plans, lambda session, plan: decide(session, plan, to))
    )
    intended = {plan.region: decided for plan, decided in found}
    for plan, decided in found:
        for text in _sentences(decided, "would be" if dry_run else "is"):
            say(f"{plan.region}: {text}")
    moved: list[tuple[RegionPlan, Mapping[str, int]]] = []
    if not dry_run:
        with stop_on_ctrl_c():  # a move that is begun is finished
            moved, refused = sorted_out(
                in_every_region(
                    [plan for plan, _ in found],
                    lambda session, plan: carry_out(session, plan, intended[plan.region]),
                )
            )
        failures += refused
    after = {plan.region: aliases for plan, aliases in moved}
    rows = [
        _record(plan, one, after.get(plan.region, {}))
        for plan, decided in found
        for one in decided.moves
    ]
    write(rows, form=form)
    finish(failures)
    for worker in {plan.delivery.worker.name for plan, _ in found if plan.delivery}:
        say(
            f"{worker} has no alias and keeps its code: it delivers what is queued."
            "\nNext, if that is wrong too: deploy the older commit"
        )
    say("Nothing was moved (--dry-run)." if dry_run else "Next: firehose verify")


def decide(session: Session, plan: RegionPlan, to: int | None) -> Rollback:
    """Decide what to do in one region.

    Raises `CommandError` when there is no such version, or one is named during a rollout.
    """
    resources = resources_of(session, plan)
    aliases = read_aliases(session, plan, resources)
    rollouts = rollouts_under_way(session, resources)
    if rollouts and to is not None:
        raise CommandError(
            f"{plan.region}: CodeDeploy is moving the alias ({', '.join(rollouts)})",
            next_step=f"firehose rollback --region {plan.region} stops it; once the stack is back,"
            f" --to {to}",
        )
    if rollouts:
        moves = [Move(alias, alias.current) for alias in aliases]
    else:
        moves = _moves(aliases, plan, to)
    return Rollback(moves=moves, rollouts=rollouts, resources=resources)


def _moves(aliases: Sequence[LiveAlias], plan: RegionPlan, to: int | None) -> list[Move]:
    decided = []
    for alias in aliases:
        if to is None and alias.shifting_to:  # by hand, or left behind: it only loses its share
            decided.append(Move(alias, alias.current))
            continue
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


def carry_out(session: Session, plan: RegionPlan, decided: Rollback) -> Mapping[str, int]:
    """Do it in one region, and read where each alias points afterwards, by function."""
    if decided.rollouts:
        end_rollouts(session, plan, decided.rollouts, decided.resources)
    for one in () if decided.rollouts else decided.moves:
        if not one.is_done:
            move(session, one.alias, one.to.number)
    lambda_ = session.client("lambda")
    return {
        one.alias.function: int(
            lambda_.get_alias(FunctionName=one.alias.function, Name=ALIAS)["FunctionVersion"]
        )
        for one in decided.moves
    }


def _sentences(decided: Rollback, verb: str) -> Iterator[str]:
    for rollout in decided.rollouts:
        yield f"rollout {rollout} {verb} stopped; CodeDeploy and CloudFormation then go back"
    for one in decided.moves:
        name, before, to = one.alias.function, one.alias.current.number, one.to
        if one.alias.shifting_to:
            yield f"{name} {verb} taken back from version {one.alias.shifting_to} to {to.number}"
        elif not decided.rollouts and one.is_done:
            yield f"{name} is at version {to.number} already"
        elif not decided.rollouts:
            yield f"{name} {verb} moved from version {before} to {to.number}, made {to.made}"


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
