"""`firehose rollback`: point the aliases back to an older version, in all or some regions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated

import typer

from console.interruption import stop_on_ctrl_c
from console.options import DEFAULT_DEPLOYMENT, DeploymentOption, FormatOption, RegionOption
from console.outcomes import finish
from console.output import Format, Record, say, write
from console.planned_regions import planned
from ops.live.every_region import in_live_regions
from ops.live.region import LiveRegion
from ops.release.way_back import AliasMove, WayBack, find_way_back, go_back
from plan.region_plan import RegionPlan


def rollback(
    *,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    region: RegionOption = None,
    to: Annotated[
        int | None, typer.Option(min=1, help="This version; left out, the one before.", metavar="N")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would move, and move nothing.")
    ] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Point the aliases of every region, or of those named, back to an older version.

    What mParticle calls changes within seconds, and the worker of the queue follows to the same
    code. `firehose deploy` moves the aliases forward again. A gradual rollout that is under way is
    stopped instead, and its calls go back to the version before.

    Example: firehose rollback --region us-east-1 --dry-run
    """
    found, failures = in_live_regions(
        planned(deployment, region), lambda live: find_way_back(live, to)
    )
    for plan, way in found:
        for text in _sentences(way, "would be" if dry_run else "is"):
            say(f"{plan.region}: {text}")
    after: dict[str, Mapping[str, int]] = {}
    if not dry_run:
        ways = {plan.region: way for plan, way in found}

        def work(live: LiveRegion) -> Mapping[str, int]:
            return go_back(live, ways[live.plan.region])

        with stop_on_ctrl_c():  # a move that is begun is finished
            moved, refused = in_live_regions([plan for plan, _ in found], work)
        failures += refused
        after = {plan.region: versions for plan, versions in moved}
    rows = [
        _record(plan, one, after.get(plan.region, {})) for plan, way in found for one in way.moves
    ]
    write(rows, form=form, facts=("region", "transport", "before", "target", "now"))
    finish(failures)
    say("Nothing was moved (--dry-run)." if dry_run else "Next: firehose verify")


def _sentences(way: WayBack, verb: str) -> Iterator[str]:
    for rollout in way.rollouts:
        yield f"rollout {rollout} {verb} stopped; CodeDeploy and CloudFormation then go back"
    for one in way.moves:
        name, before, to = one.function.name, one.function.current.number, one.to
        if one.function.shifting_to:
            yield f"{name} {verb} taken back from version {one.function.shifting_to} to {to.number}"
        elif not way.rollouts and one.is_done:
            yield f"{name} is at version {to.number} already"
        elif not way.rollouts:
            yield f"{name} {verb} moved from version {before} to {to.number}, made {to.made}"
    if way.stays:
        yield (
            f"{way.stays.name} keeps version {way.stays.current.number}: it has no version of that"
            " code\nNext, if that is wrong too: deploy the older commit"
        )


def _record(plan: RegionPlan, one: AliasMove, after: Mapping[str, int]) -> Record:
    return {
        "region": plan.region,
        "transport": one.function.role,
        "function": one.function.name,
        "before": one.function.current.number,
        "target": one.to.number,
        "code_before": one.function.current.code,
        "code_target": one.to.code,
        "now": after.get(one.function.name),
    }
