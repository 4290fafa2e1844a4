"""`firehose token rotate`: mParticle's next token beside the one before."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Event

import typer

from console.exit_codes import CommandError, ExitCode
from console.interruption import stop_on_ctrl_c
from console.options import DEFAULT_DEPLOYMENT, DeploymentOption, FormatOption, RegionOption
from console.outcomes import finish
from console.output import Format, Record, say, write
from firehose.secret import Secret
from ops.live.every_region import in_live_regions
from ops.live.region import LiveRegion
from ops.tokens.acceptance import PATIENCE_SECONDS, accepts
from ops.tokens.sent import MessageArgument, WordOption, sent_bytes
from ops.tokens.storing import missing, token_of
from ops.tokens.versions import planned_urls, read_versions, store
from plan.region_plan import RegionPlan
from probe.https_endpoint import HttpsEndpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """What one region's URL lets in; `previous` is none where there is no such token."""

    current: bool
    previous: bool | None


def rotate(
    *,
    message: MessageArgument = None,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    region: RegionOption = None,
    word: WordOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Store mParticle's next token in each region, and prove that each URL takes both.

    Reads a token, or an OpenPGP message with it, as mParticle sent it. Refuses while two tokens are
    valid already: a third would end the oldest, which mParticle may still use.

    Example: firehose token rotate build/mparticle.asc
    """
    plans = planned_urls(deployment, region)
    token = token_of(sent_bytes(message), deployment, word)
    say(f"Storing the next token in {', '.join(plan.region for plan in plans)} …")
    with stop_on_ctrl_c() as stop:
        stored, failures = in_live_regions(plans, lambda live: _store_beside(live, token))
        if stored:
            say(f"Asking the URLs about both; one that cannot tell gets {PATIENCE_SECONDS:g} s …")
        proven, unproven = in_live_regions(
            [plan for plan, _ in stored], lambda live: _ask(live, stop)
        )
    answers = {plan.region: answer for plan, answer in proven}
    write([_row(plan, outcome, answers.get(plan.region)) for plan, outcome in stored], form=form)
    problems = [*_refused(answers), *missing(plans, [plan for plan, _ in stored], "rotate")]
    finish([*failures, *unproven], problems)
    if stop.is_set():
        raise typer.Exit(ExitCode.INTERRUPTED)
    say(
        "Both tokens are accepted; the one before stays valid until you retire it."
        "\nNext: tell mParticle to use the new one; when it does, firehose token retire"
    )


def _store_beside(live: LiveRegion, token: Secret) -> str:
    plan, found = live.plan, read_versions(live)
    if found.current is None:
        raise CommandError(
            f"{plan.region}: holds no token that could be rotated",
            next_step=f"firehose token import --region {plan.region}",
        )
    return store(live, token)


def _ask(live: LiveRegion, stop: Event) -> Accepted:
    url, found = HttpsEndpoint.of(live.session, live.stack), read_versions(live)
    current, previous = found.current, found.previous
    return Accepted(
        current=current is not None and accepts(url, current.token, stop=stop),
        previous=accepts(url, previous.token, stop=stop) if previous else None,
    )


def _refused(answers: dict[str, Accepted]) -> list[str]:
    return [
        f"{region}: the URL refuses the {which} token"
        f"\nNext: firehose logs --region {region}, then firehose token status"
        for region, answer in answers.items()
        for which, accepted in (("new", answer.current), ("previous", answer.previous))
        if accepted is False
    ]


def _row(plan: RegionPlan, outcome: str, answer: Accepted | None) -> Record:
    return {
        "region": plan.region,
        "outcome": outcome,
        "accepts_new": answer.current if answer else None,
        "accepts_previous": answer.previous if answer else None,
    }
