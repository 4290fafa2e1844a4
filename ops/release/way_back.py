"""The way back in one region: which version each function returns to, and going there.

The worker follows the code of what mParticle calls: all functions of a release are one package.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from console.exit_codes import CommandError
from ops.live.functions import LiveFunction, PublishedVersion, move_alias, versions_of
from ops.live.region import LiveRegion
from ops.live.rollouts import end_rollouts


@dataclass(frozen=True, slots=True)
class AliasMove:
    """One function's alias and the version it is to point to."""

    function: LiveFunction
    to: PublishedVersion

    @property
    def is_done(self) -> bool:
        """Whether that version gets every call already."""
        return self.to == self.function.current and self.function.shifting_to is None


@dataclass(frozen=True, slots=True, kw_only=True)
class WayBack:
    """What to do in one region: move aliases, or stop the rollouts that would move them on.

    When a rollout is stopped, CodeDeploy takes the alias back and CloudFormation the stack.
    `stays` names a worker that no version of the same code is kept of.
    """

    moves: Sequence[AliasMove]
    rollouts: Sequence[str]
    stays: LiveFunction | None = None


def find_way_back(live: LiveRegion, to: int | None) -> WayBack:
    """Decide what to do in one region; `to` is a version of what mParticle calls.

    Raises `CommandError` when there is no such version, or one is named during a rollout.
    """
    plan = live.plan
    if live.rollouts and to is not None:
        raise CommandError(
            f"{plan.region}: CodeDeploy is moving the alias ({', '.join(live.rollouts)})",
            next_step=f"firehose rollback --region {plan.region} stops it; once the stack is back,"
            f" --to {to}",
        )
    if live.rollouts:
        moves = [AliasMove(it, it.current) for it in live.functions]
        return WayBack(moves=moves, rollouts=live.rollouts)
    moves = [AliasMove(it, _target(live, it, to)) for it in live.endpoints]
    worker = next((it for it in live.functions if it.role == "worker"), None)
    if worker is None or not moves:
        return WayBack(moves=moves, rollouts=())
    same = _same_code(live, worker, moves[0].to.code)
    if same is None:
        return WayBack(moves=moves, rollouts=(), stays=worker)
    return WayBack(moves=[*moves, AliasMove(worker, same)], rollouts=())


def go_back(live: LiveRegion, way: WayBack) -> Mapping[str, int]:
    """Do it, and read where each alias points afterwards, by function."""
    if way.rollouts:
        end_rollouts(live.session, live.plan, way.rollouts, live.resources)
    for one in () if way.rollouts else way.moves:
        if not one.is_done:
            move_alias(live.session, one.function, one.to.number)
    return LiveRegion(live.session, live.plan).versions


def _target(live: LiveRegion, function: LiveFunction, to: int | None) -> PublishedVersion:
    if to is None and function.shifting_to:  # by hand, or left behind: it only loses its share
        return function.current
    versions = versions_of(live.session, function)
    if to is None:
        older = [it for it in versions if it.number < function.current.number]
        target = older[-1] if older else None
    else:
        target = next((it for it in versions if it.number == to), None)
    if target is None:
        kept = ", ".join(str(it.number) for it in versions)
        what = f"no version {to}" if to else f"no version before {function.current.number}"
        raise CommandError(
            f"{live.plan.region}: {function.name} has {what}; it keeps {kept}",
            next_step="choose one with --to, or deploy the older code with cdk deploy",
        )
    return target


def _same_code(live: LiveRegion, worker: LiveFunction, code: str) -> PublishedVersion | None:
    """Give the worker's newest version of some code: the one that serves, if it is of it."""
    if worker.current.code == code:
        return worker.current
    versions = versions_of(live.session, worker)
    return next((it for it in reversed(versions) if it.code == code), None)
