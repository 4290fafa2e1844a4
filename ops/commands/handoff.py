"""`firehose handoff`: what mParticle is given for every pod, read from what is live."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from console.exit_codes import CommandError
from console.marks import Mark
from console.options import DEFAULT_DEPLOYMENT, DeploymentOption, FormatOption, RegionOption
from console.outcomes import finish
from console.output import Format, Record, say, write
from console.planned_regions import read_deployment
from ops.handoff.folder import content_of, findings_of, registration_of, write_folder
from ops.handoff.gaps import find_gaps
from ops.handoff.live_facts import live_facts
from ops.live.every_region import in_live_regions
from ops.live.orphans import find_orphans, orphaned
from ops.live.region import LiveRegion
from ops.proof.proof_file import SavedProofs, proof_file, read_proofs
from plan.names import FUNCTION_ARN_OUTPUT
from plan.region_plan import RegionPlan
from probe.https_endpoint import endpoint_url, paths_of


def handoff(
    *,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    region: RegionOption = None,
    form: FormatOption = Format.TABLE,
    folder: Annotated[
        Path | None, typer.Option(help="Write handoff.json, .md and .html there.", metavar="DIR")
    ] = None,
    proof: Annotated[
        Path | None, typer.Option(help="What `firehose verify --report` saved.", metavar="FILE")
    ] = None,
    unproven: Annotated[
        bool, typer.Option("--unproven", help="Write it though proof is missing, and mark it so.")
    ] = False,
    logo: Annotated[
        Path | None, typer.Option(help="Your logo, an SVG; it is checked.", metavar="FILE")
    ] = None,
) -> None:
    """Print each pod's ARN, URLs, who may invoke it and its size, ready to send to mParticle.

    With `--folder` also a report to send: proof with answer times, registration, quota requests.
    It is refused while the proof is over a day old, of another account, endpoint or code, or while
    what is live falls short of mParticle's demands.

    Example: firehose handoff --folder build/handoff --logo logo.svg
    """
    picture, warnings = _checked(logo) if logo else (None, [])
    for warning in warnings:
        say(f"{Mark.ATTENTION} logo: {warning}")
    chosen = read_deployment(deployment, region)
    plans = chosen.regions()
    found, failures = in_live_regions(
        plans, lambda live: ([_record(pod, live) for pod in live.plan.pods], live.differences)
    )
    pods = [row for _, (rows, _) in found for row in rows]
    write(pods, form=form, facts=("pod", "region", "memory_mb", "reserved", "provisioned"))
    for plan, _ in found:
        for account in plan.unconfirmed_accounts if plan.invoked else ():
            say(
                f"{plan.region}: ask mParticle to confirm account {account.number};"
                f" it is documented elsewhere only ({account.source})"
            )
    for orphan in find_orphans(chosen.elsewhere) if found and not region else ():
        say(f"{Mark.ATTENTION} {orphaned(orphan)}")
    finish(failures, [str(it) for _, (_, differences) in found for it in differences])
    if folder:
        file = proof or proof_file(deployment)
        _write(
            folder,
            _saved(file, plans[0].name, needed=not unproven),
            name=plans[0].name,
            plans=[plan for plan, _ in found],
            pods=pods,
            logo=picture,
            marked=unproven,
        )


def _saved(file: Path, name: str, *, needed: bool) -> SavedProofs:
    """Read what is proven; nothing where there is no file and none is needed."""
    if not needed and not file.exists():
        return SavedProofs(deployment=name)
    return read_proofs(file)


def _checked(logo: Path) -> tuple[bytes, list[str]]:
    from ops.handoff.logo import check_logo  # noqa: PLC0415 - what draws it takes long to load

    return check_logo(logo)


def _write(
    folder: Path,
    saved: SavedProofs,
    *,
    name: str,
    plans: Sequence[RegionPlan],
    pods: Sequence[Record],
    logo: bytes | None,
    marked: bool,
) -> None:
    found, failures = in_live_regions(plans, live_facts)
    finish(failures)
    live = {plan.region: facts for plan, facts in found}
    now = datetime.now(UTC)
    findings = findings_of(registration_of(live))
    errors = sum(finding["severity"] == "error" for finding in findings)
    gaps = find_gaps(saved, name=name, live=live, errors=errors, now=now)
    if gaps and not marked:
        raise CommandError(
            "\n".join(["Nothing was written:", *map(str, gaps)]),
            next_step="firehose verify --latency, or add --unproven to write it marked",
        )
    content = content_of(name=name, pods=pods, saved=saved, live=live, gaps=gaps, now=now)
    for file in write_folder(folder, content, logo):
        say(f"Written: {file}")
    if gaps:
        for gap in gaps:
            say(f"{Mark.ATTENTION} not proven: {gap}")
        say("The page says so at its top.\nNext: firehose verify --latency, then write it again")
    else:
        say("Next: look at handoff.html, then send the folder to mParticle.")


def _record(pod: str, live: LiveRegion) -> Record:
    plan, invoked, called = live.plan, live.invoked, live.endpoints[0]
    granted = [grant.account for grant in live.grants]
    unconfirmed = {account.number for account in plan.unconfirmed_accounts}
    return {
        "pod": pod,
        "region": plan.region,
        "arn": live.stack.output(FUNCTION_ARN_OUTPUT) if invoked else None,
        "urls": paths_of(endpoint_url(live.stack)) if plan.https else [],
        "granted": granted,
        "unconfirmed": [number for number in granted if number in unconfirmed],
        "memory_mb": called.memory_mb,
        "reserved": called.reserved_concurrency,
        "provisioned": plan.function.provisioned_concurrency,
    }
