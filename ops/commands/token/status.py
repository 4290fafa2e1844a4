"""`firehose token status`: which tokens each region holds, and what its URL makes of them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import typer

from console.options import DEFAULT_DEPLOYMENT, DeploymentOption, FormatOption, RegionOption
from console.outcomes import finish
from console.output import Format, Record, say, write
from firehose.secret import Secret
from ops.live.every_region import in_live_regions
from ops.live.region import LiveRegion
from ops.tokens.acceptance import accepts, is_registration_open, turns_away
from ops.tokens.versions import TokenVersions, planned_urls, read_versions
from plan.region_plan import RegionPlan
from probe.https_endpoint import HttpsEndpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenStatus:
    """One region: what is stored, and what its URL does; none is what was not asked."""

    versions: TokenVersions
    accepts: bool | None
    refuses_others: bool | None
    registration_open: bool


def status(
    *,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    region: RegionOption = None,
    wrong_token: Annotated[
        bool,
        typer.Option(
            "--wrong-token", help="Send a wrong token too; it counts for the alarm Unauthorized."
        ),
    ] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show since when each region has a token, whether all have the same, and what each URL does.

    Tokens are compared and sent, never shown. Changes nothing.

    Example: firehose token status --format json
    """
    plans = planned_urls(deployment, region)

    found, failures = in_live_regions(plans, lambda live: _look(live, wrong_token=wrong_token))
    same = len({it.versions.current.token for _, it in found if it.versions.current}) <= 1
    rows = [_row(plan, it, same=same) for plan, it in found]
    write(rows, form=form, facts=("region", "stored", "valid", "same", "accepts"))
    needs = [text for plan, it in found for text in _needs(plan, it)]
    finish(failures, [*needs, *([] if same else [_differ(found)])])
    say(_next_step([it.versions for _, it in found]))


def _look(live: LiveRegion, *, wrong_token: bool) -> TokenStatus:
    url, versions = HttpsEndpoint.of(live.session, live.stack), read_versions(live)
    other = Secret(secrets.token_urlsafe())
    return TokenStatus(
        versions=versions,
        accepts=accepts(url, versions.current.token) if versions.current else None,
        refuses_others=turns_away(url, other) if wrong_token else None,
        registration_open=is_registration_open(url),
    )


def _needs(plan: RegionPlan, it: TokenStatus) -> list[str]:
    here = f"--region {plan.region}"
    checks = (
        (it.versions.current is None, "no token is stored", f"firehose token import {here}"),
        (it.accepts is False, "the URL refuses the stored token", f"firehose logs {here}"),
        (it.refuses_others is False, "the URL accepts any token", f"firehose drift {here}"),
        (not it.registration_open, "registration does not answer", f"firehose logs {here}"),
    )
    return [f"{plan.region}: {text}\nNext: {step}" for wrong, text, step in checks if wrong]


def _differ(found: Sequence[tuple[RegionPlan, TokenStatus]]) -> str:
    """Name the regions that hold the same token together, those of the newest token first."""
    groups: dict[Secret, list[tuple[str, str]]] = {}
    for plan, it in found:
        if it.versions.current:
            current = it.versions.current
            groups.setdefault(current.token, []).append((current.since, plan.region))
    newest, *older = sorted(groups.values(), key=max, reverse=True)
    texts = [", ".join(region for _, region in group) for group in (newest, *older)]
    options = " ".join(f"--region {region}" for group in older for _, region in group)
    return (
        f"regions hold different tokens, the newest first: {'; '.join(texts)}"
        f"\nNext: store the newest in the others: firehose token import {options}"
    )


def _next_step(versions: Sequence[TokenVersions]) -> str:
    if any(it.valid > 1 for it in versions):
        return "Two tokens are valid. Next: firehose token retire, once mParticle uses the newer"
    return "Every URL takes the stored token."


def _row(plan: RegionPlan, it: TokenStatus, *, same: bool) -> Record:
    current, previous = it.versions.current, it.versions.previous
    return {
        "region": plan.region,
        "stored": current.since if current else None,
        "previous": previous.since if previous else None,
        "valid": it.versions.valid,
        "same": same if current else None,
        "accepts": it.accepts,
        "refuses_others": it.refuses_others,
        "registration_open": it.registration_open,
    }
