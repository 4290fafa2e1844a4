"""`firehose handoff`: what mParticle is given for every pod, read from what is live."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

from ops.aws import in_every_region
from ops.deployed import DeployedEndpoint, read_endpoint
from ops.differences import differences
from ops.exit_codes import CommandError, ExitCode
from ops.https_endpoint import endpoint_url, paths_of
from ops.options import DEFAULT_DEPLOYMENT, DeploymentOption, FormatOption, RegionOption, planned
from ops.output import Format, Record, say, write
from plan.regions import RegionPlan

if TYPE_CHECKING:
    from boto3.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """What mParticle calls in one region: a function, URLs, or both."""

    endpoint: DeployedEndpoint | None
    urls: Sequence[str]


def handoff(
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    region: RegionOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Print each pod's ARN, URLs, who may invoke it and its size, ready to send to mParticle.

    Example: firehose handoff --format markdown
    """
    outcomes = in_every_region(planned(deployment, region), read_live)
    live = [(plan, found) for plan, found in outcomes if isinstance(found, Live)]
    write([_record(pod, plan, endpoint) for plan, endpoint in live for pod in plan.pods], form=form)
    failures = [found for _, found in outcomes if isinstance(found, CommandError)]
    found_wrong = [text for plan, endpoint in live for text in _wrong(plan, endpoint)]
    for complaint in (*failures, *found_wrong):
        say(str(complaint))
    for plan, found in live:
        for account in plan.unconfirmed_accounts if found.endpoint else ():
            say(
                f"{plan.region}: ask mParticle to confirm account {account.number};"
                f" it is documented elsewhere only ({account.source})"
            )
    if failures:
        raise typer.Exit(failures[0].exit_code)
    if found_wrong:
        raise typer.Exit(ExitCode.CHECK_FAILED)


def read_live(session: Session, plan: RegionPlan) -> Live:
    """Read what is live over each transport. Raises as `ops.deployed.function_arn` does."""
    return Live(
        endpoint=read_endpoint(session, plan) if "lambda" in plan.transports else None,
        urls=paths_of(endpoint_url(session, plan)) if plan.https else (),
    )


def _record(pod: str, plan: RegionPlan, live: Live) -> Record:
    endpoint = live.endpoint
    granted = endpoint.accounts if endpoint else ()
    unconfirmed = {account.number for account in plan.unconfirmed_accounts}
    return {
        "pod": pod,
        "region": plan.region,
        "arn": endpoint.arn if endpoint else None,
        "urls": list(live.urls),
        "granted": granted,
        "unconfirmed": [number for number in granted if number in unconfirmed],
        "memory_mb": endpoint.memory_mb if endpoint else plan.function.memory_mb,
        "reserved": plan.function.reserved_concurrency,
        "provisioned": plan.function.provisioned_concurrency,
    }


def _wrong(plan: RegionPlan, live: Live) -> list[str]:
    return differences(plan, live.endpoint) if live.endpoint else []
