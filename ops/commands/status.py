"""`firehose status`: what runs in every region now, and what there needs somebody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated

import typer

from console.options import (
    DEFAULT_DEPLOYMENT,
    DeploymentOption,
    FormatOption,
    RegionOption,
    planned,
)
from console.outcomes import finish
from console.output import Format, Record, say, write
from ops.live.every_region import in_live_regions
from ops.live.functions import LiveFunction
from ops.live.region import LiveRegion
from plan.region_plan import RegionPlan

_FACTS = ("region", "transport", "version", "newest", "code", "waiting", "dead")


def status(
    *,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    region: RegionOption = None,
    wide: Annotated[bool, typer.Option("--wide", help="Every fact, below each row.")] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show versions, alarms, queues and the last call of every region. Changes nothing.

    Ends with code 1 when regions run different code, a region does not serve what was deployed
    last, an alarm rings or messages were given up. Who may invoke is `firehose verify`'s subject.

    Example: firehose status --format json
    """
    found, failures = in_live_regions(planned(deployment, region), read_now)
    rows = [_record(live, it) for _, live in found for it in live.functions]
    write(rows, form=form, facts=_FACTS, details=wide)
    regions = [live for _, live in found]
    finish(failures, [*skew(regions), *(text for live in regions for text in _needs(live))])
    say("Nothing needs you.")


def read_now(live: LiveRegion) -> LiveRegion:
    """Read what a status shows, so that what fails fails for its region alone."""
    _ = (live.functions, live.function_differences, live.depths, live.ringing, live.metrics)
    return live


def skew(regions: Sequence[LiveRegion]) -> list[str]:
    """Say, for each role, which regions run different code."""
    texts = []
    for role in ("lambda", "https", "worker"):
        where: dict[str, list[str]] = {}
        for live in regions:
            for it in live.functions:
                if it.role == role:
                    where.setdefault(it.current.code, []).append(live.plan.region)
        if len(where) > 1:
            who = "; ".join(f"{code} in {', '.join(them)}" for code, them in where.items())
            texts.append(
                f"{role}: regions run different code: {who}"
                "\nNext: firehose deploy, or firehose rollback --region the newer ones"
            )
    return texts


def _needs(live: LiveRegion) -> Iterator[str]:
    plan: RegionPlan = live.plan
    yield from (str(it) for it in live.function_differences)
    for alarm in live.ringing:
        yield (
            f"{plan.region}: {alarm.name} is in ALARM since {alarm.since}: {alarm.text}"
            f"\nNext: firehose logs --region {plan.region}"
        )
    if live.metrics.held_back:
        yield (
            f"{plan.region}: {live.metrics.held_back} messages were held back in a quarter of an"
            " hour, because your API failed: the circuit is or was open"
            f"\nNext: mend the API; firehose logs --region {plan.region} says how it fails"
        )
    if live.depths and live.depths.dead:
        yield (
            f"{plan.region}: {live.depths.dead} messages could not be delivered"
            f"\nNext: firehose redrive --region {plan.region} --dry-run"
        )


def _record(live: LiveRegion, it: LiveFunction) -> Record:
    depths = live.depths
    return {
        "region": live.plan.region,
        "transport": it.role,
        "function": it.name,
        "version": it.current.number,
        "newest": it.made_by_stack or it.current.number,
        "code": it.current.code,
        "made": it.current.made,
        "last_invocation": live.metrics.last_calls[it.name],
        "alarms": [alarm.name for alarm in live.ringing],
        "waiting": depths.waiting + depths.delayed if depths else None,
        "in_flight": depths.in_flight if depths else None,
        "oldest_seconds": live.metrics.oldest_seconds,
        "dead": depths.dead if depths else None,
    }
