"""`firehose handoff`: what mParticle is given for every pod, read from what is live."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

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
from ops.contract.https_endpoint import endpoint_url, paths_of
from ops.deployed.differences import differences
from ops.deployed.outputs import DeployedEndpoint, read_endpoint
from ops.handoff.folder import (
    content_of,
    findings_of,
    live_extras,
    registration_of,
    write_folder,
)
from ops.handoff.gaps import find_gaps
from ops.proof.report import read_proof
from plan.deployment import load
from plan.region_plan import RegionPlan

if TYPE_CHECKING:
    from boto3.session import Session

DEFAULT_PROOF = Path("build/proof.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """What mParticle calls in one region: a function, URLs, or both."""

    endpoint: DeployedEndpoint | None
    urls: Sequence[str]


def handoff(
    *,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    region: RegionOption = None,
    form: FormatOption = Format.TABLE,
    folder: Annotated[
        Path | None,
        typer.Option(help="Write handoff.json, .md and .html there.", metavar="DIR"),
    ] = None,
    proof: Annotated[
        Path, typer.Option(help="What `firehose verify` saved.", metavar="FILE")
    ] = DEFAULT_PROOF,
    unproven: Annotated[
        bool, typer.Option("--unproven", help="Write it though proof is missing, and mark it so.")
    ] = False,
    logo: Annotated[
        Path | None, typer.Option(help="Your logo, an SVG; it is checked.", metavar="FILE")
    ] = None,
) -> None:
    """Print each pod's ARN, URLs, who may invoke it and its size, ready to send to mParticle.

    With `--folder` also a report to send: proof with answer times, registration, quota requests.
    It is refused while the proof is over a day old, of other code, or short of the demands.

    Example: firehose handoff --folder build/handoff --logo logo.svg
    """
    picture, warnings = _checked(logo) if logo else (None, [])
    for warning in warnings:
        say(f"! logo: {warning}")
    saved = read_proof(proof) if folder else None
    outcomes = in_every_region(planned(deployment, region), read_live)
    live = [(plan, found) for plan, found in outcomes if isinstance(found, Live)]
    pods = [_record(pod, plan, endpoint) for plan, endpoint in live for pod in plan.pods]
    write(pods, form=form)
    for plan, found in live:
        for account in plan.unconfirmed_accounts if found.endpoint else ():
            say(
                f"{plan.region}: ask mParticle to confirm account {account.number};"
                f" it is documented elsewhere only ({account.source})"
            )
    failures = [found for _, found in outcomes if isinstance(found, CommandError)]
    finish(failures, [text for plan, endpoint in live for text in _wrong(plan, endpoint)])
    if folder and saved:
        name = load(deployment).name
        _write(
            folder,
            saved,
            name=name,
            plans=[plan for plan, _ in live],
            pods=pods,
            logo=picture,
            marked=unproven,
        )


def _checked(logo: Path) -> tuple[bytes, list[str]]:
    from ops.handoff.logo import check_logo  # noqa: PLC0415 - what draws it takes long to load

    return check_logo(logo)


def _write(
    folder: Path,
    proof: Mapping[str, Any],
    *,
    name: str,
    plans: Sequence[RegionPlan],
    pods: Sequence[Record],
    logo: bytes | None,
    marked: bool,
) -> None:
    found, failures = sorted_out(in_every_region(plans, live_extras))
    finish(failures)
    live = {plan.region: extras for plan, extras in found}
    now = datetime.now(UTC)
    findings = findings_of(registration_of(live))
    errors = sum(finding["severity"] == "error" for finding in findings)
    gaps = find_gaps(proof, name=name, live=live, errors=errors, now=now)
    if gaps and not marked:
        raise CommandError(
            "\n".join(["Nothing was written:", *map(str, gaps)]),
            next_step="firehose verify --latency, or add --unproven to write it marked",
        )
    content = content_of(name=name, pods=pods, proof=proof, live=live, gaps=gaps, now=now)
    for file in write_folder(folder, content, logo):
        say(f"Written: {file}")
    if gaps:
        for gap in gaps:
            say(f"! not proven: {gap}")
        say("The page says so at its top.\nNext: firehose verify --latency, then write it again")
    else:
        say("Next: look at handoff.html, then send the folder to mParticle.")


def read_live(session: Session, plan: RegionPlan) -> Live:
    """Read what is live over each transport. Raises as `ops.deployed.outputs.function_arn` does."""
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
