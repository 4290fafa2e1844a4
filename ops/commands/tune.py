"""`firehose tune`: how much memory the function needs, by measuring versions that nobody calls."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from console.exit_codes import CommandError, ExitCode
from console.interruption import stop_on_ctrl_c
from console.options import DEFAULT_DEPLOYMENT, DeploymentOption, FormatOption, OneRegionOption
from console.outcomes import finish
from console.output import Format, Record, say, write
from console.planned_regions import planned_one
from console.progress import steps
from console.whole_file import write_whole
from ops.live.every_region import in_live_regions
from ops.tuning.advice import Advice, advised
from ops.tuning.measurement import MeasuredSize
from ops.tuning.tuning import tune_region
from ops.tuning.tuning_page import page
from plan.price_file import prices_of
from plan.quotas import LEAST_MEMORY_MB, MOST_MEMORY_MB, ONE_PROCESSOR_MB
from plan.region_plan import RegionPlan
from probe.customer_settings import SettingsOption, read_settings

DEFAULT_SIZES = (256, 512, 1_024, ONE_PROCESSOR_MB)
"""In MB."""
_FACTS = ("memory_mb", "p50_ms", "p99_ms", "used_mb", "usd_per_million", "advised")


def tune(
    *,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    region: OneRegionOption = None,
    memory: Annotated[
        list[int] | None,
        typer.Option(
            "--memory",
            min=LEAST_MEMORY_MB,
            max=MOST_MEMORY_MB,
            help="A size in MB; may be repeated.",
        ),
    ] = None,
    calls: Annotated[
        int, typer.Option(min=10, max=10_000, help="How many calls of each size are measured.")
    ] = 100,
    api: Annotated[
        str | None,
        typer.Option(
            "--api", help="Call this API instead of yours, such as a stand-in.", metavar="URL"
        ),
    ] = None,
    prices: Annotated[
        Path | None, typer.Option("--prices", help="As for firehose plan --cost.", metavar="FILE")
    ] = None,
    html: Annotated[
        Path | None, typer.Option("--html", help="Also write a page there.", metavar="FILE")
    ] = None,
    settings: SettingsOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be published and called.")
    ] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Measure the deployed integration with less and more memory, in one region.

    For the time of the test each size is a version that no alias leads to, so mParticle never
    calls it; at the end, also after Ctrl-C, all of them are deleted. The calls reach your API, with
    made-up people. Budgets do not apply: the integration's whole time is measured.

    Example: firehose tune --memory 512 --memory 1024 --html build/tuning.html
    """
    plan = planned_one(deployment, region)
    sizes = sorted(set(memory or (*DEFAULT_SIZES, plan.endpoints[0].function.memory_mb)))
    entered, used_prices = read_settings(settings), prices_of(prices)
    shown, verb = ", ".join(f"{it:,}" for it in sizes), "would be" if dry_run else "is"
    say(
        f"{plan.region}: a version {verb} published for each of {shown} MB, called {calls} times"
        f" and deleted; the calls reach {api or 'your API'} with made-up people"
    )
    if dry_run:
        say("Nothing was published (--dry-run).")
        return
    with stop_on_ctrl_c() as stop, steps("calls") as progress:
        work = partial(
            tune_region,
            sizes=sizes,
            calls=calls,
            api=api,
            entered=entered,
            prices=used_prices,
            is_stopped=stop.is_set,
            progress=progress,
        )
        found, failures = in_live_regions([plan], work)
    finish(failures)
    if stop.is_set():
        say("Stopped; every version that was made is deleted.\nNext: run it again")
        raise typer.Exit(ExitCode.INTERRUPTED)
    for _, measured in found:
        _conclude(plan, measured, html=html, form=form)


def _conclude(
    plan: RegionPlan, measured: Sequence[MeasuredSize], *, html: Path | None, form: Format
) -> None:
    endpoint = plan.endpoints[0]
    advice = advised(measured, limit_ms=endpoint.limit_ms)
    write([_record(it, advice) for it in measured], form=form, facts=_FACTS, details=False)
    if html:
        write_whole(html, page(plan, measured, advice))
        say(f"Written: {html}")
    if not plan.complete:
        say("On the embedded AWS memory changes nothing: these times say nothing about yours.")
    elif not all(it.is_reported for it in measured):
        say("Lambda reported no times; these are from here, your distance included.")
    chosen = advice.chosen
    if chosen is None:
        raise CommandError(f"{plan.region}: {advice.reason}", next_step="firehose logs")
    say(
        f"{chosen.memory_mb:,} MB: {advice.reason}"
        f"\nNext: [function] memory_mb = {chosen.memory_mb} and"
        f" [traffic] average_ms = {max(1, round(chosen.billed_ms))} in your deployment file"
    )


def _record(size: MeasuredSize, advice: Advice) -> Record:
    return {
        "memory_mb": size.memory_mb,
        "calls": size.calls,
        "failed": size.failed,
        "first_ms": round(size.first_ms, 1),
        "p50_ms": round(size.p50_ms, 1),
        "p99_ms": round(size.p99_ms, 1),
        "billed_ms": round(size.billed_ms, 1),
        "used_mb": size.used_mb,
        "usd_per_million": round(size.usd_per_million, 2),
        "advised": size is advice.chosen,
    }
