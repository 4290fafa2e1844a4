"""`firehose token retire`: the end of the token before the current one."""

from __future__ import annotations

from typing import Annotated

import typer

from console.exit_codes import CommandError
from console.interruption import stop_on_ctrl_c
from console.options import DEFAULT_DEPLOYMENT, DeploymentOption, FormatOption, RegionOption
from console.outcomes import finish
from console.output import Format, Record, say, write
from ops.live.every_region import in_live_regions
from ops.live.region import LiveRegion
from ops.tokens.acceptance import accepts
from ops.tokens.storing import missing
from ops.tokens.versions import planned_urls, read_versions, retire_previous
from probe.https_endpoint import HttpsEndpoint


def retire(
    *,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    region: RegionOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be retired, and retire nothing.")
    ] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Take the token before the current one away, in each region whose URL takes the current one.

    Do it once mParticle uses the new one everywhere: it never repeats a call that was refused.

    Example: firehose token retire --dry-run
    """
    plans = planned_urls(deployment, region)
    say(f"{'Looking at' if dry_run else 'Retiring'} the tokens before the current ones …")
    with stop_on_ctrl_c():  # what is begun in a region is finished there
        found, failures = in_live_regions(plans, lambda live: _retire(live, dry_run=dry_run))
    write([row for _, row in found], form=form)
    finish(failures, missing(plans, [plan for plan, _ in found], "retire"))
    if dry_run:
        say("Nothing was retired (--dry-run).")
        return
    say(
        "Processes that run already know the retired token for up to 15 minutes."
        "\nNext: firehose token status"
    )


def _retire(live: LiveRegion, *, dry_run: bool) -> Record:
    plan, found = live.plan, read_versions(live)
    outcome = "has no other"
    if found.current and found.previous:
        if not accepts(HttpsEndpoint.of(live.session, live.stack), found.current.token):
            raise CommandError(
                f"{plan.region}: the URL refuses the current token, so the other one stays",
                next_step=f"firehose token status --region {plan.region}",
            )
        outcome = "would be retired" if dry_run else "retired"
        if not dry_run:
            retire_previous(live.session, found)
    return {
        "region": plan.region,
        "outcome": outcome,
        "valid": found.valid if dry_run else min(found.valid, 1),
    }
