"""`firehose plan`: what would exist in every region, without asking AWS anything."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from console.exit_codes import UsageError
from console.options import DEFAULT_DEPLOYMENT, DeploymentOption, FormatOption, RegionOption
from console.output import Format, Record, say, write
from console.planned_regions import planned
from console.whole_file import write_whole
from ops.planning.capacity_page import page
from ops.planning.capacity_report import record, region_capacity
from ops.planning.cost_report import DeploymentCost, deployment_cost, records, remarks, summary
from ops.planning.shortfalls import shortfalls
from plan.price_file import prices_of
from plan.prices import Prices
from plan.region_plan import RegionPlan

_FACTS = (
    "region",
    "pods",
    "transports",
    "memory_mb",
    "reserved",
    "provisioned",
    "queued",
    "overflow",
)

_CAPACITY_FACTS = (
    "region",
    "available",
    "sustained_rps",
    "throttled_at_peak",
    "endpoint_needs",
    "account_needs",
)


def plan(
    *,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    region: RegionOption = None,
    form: FormatOption = Format.TABLE,
    capacity: Annotated[
        bool, typer.Option("--capacity", help="Show what the traffic needs and gets instead.")
    ] = False,
    cost: Annotated[
        bool, typer.Option("--cost", help="Show what it costs a month instead.")
    ] = False,
    prices: Annotated[
        Path | None,
        typer.Option(
            "--prices",
            help="Your prices in place of AWS's list prices; plan/price_file.py shows the form.",
            metavar="FILE",
        ),
    ] = None,
    html: Annotated[
        Path | None,
        typer.Option("--html", help="With --capacity: also write a page there.", metavar="FILE"),
    ] = None,
) -> None:
    """Show what each region will have. Asks AWS nothing.

    Example: firehose plan --format json
    """
    _refuse_what_does_not_go_together(cost=cost, capacity=capacity, html=html)
    regions = planned(deployment, region)
    costs = deployment_cost(regions, prices_of(prices))
    if capacity:
        _capacity(regions, costs.prices, form, html)
        return
    if cost:
        _cost(costs, form)
        return
    write([_record(plan) for plan in regions], form=form, facts=_FACTS)
    for plan in regions:
        for left_out in plan.left_out:
            say(f"{plan.region}: LEFT OUT: {left_out}")
        for account in plan.unconfirmed_accounts:
            say(
                f"{plan.region}: ask mParticle whether account {account.number} invokes Lambdas"
                f" here ({account.source})"
            )
    say(f"{summary(costs)}: firehose plan --cost")


def _refuse_what_does_not_go_together(*, cost: bool, capacity: bool, html: Path | None) -> None:
    if html and not capacity:
        raise UsageError(
            "--html: found without --capacity",
            next_step=f"firehose plan --capacity --html {html}",
        )
    if cost and capacity:
        raise UsageError(
            "--cost: found with --capacity",
            next_step="ask for one after the other",
        )


def _cost(costs: DeploymentCost, form: Format) -> None:
    columns = ("what", *(it.region for it in costs.regions), "all", "decided_by")
    write(records(costs), form=form, facts=columns, details=False)
    for sentence in remarks(costs):
        say(sentence)


def _capacity(
    regions: Sequence[RegionPlan], prices: Prices, form: Format, html: Path | None
) -> None:
    capacities = [region_capacity(plan) for plan in regions]
    write([record(region) for region in capacities], form=form, facts=_CAPACITY_FACTS)
    if html:
        write_whole(html, page(capacities, prices))
        say(f"Written: {html}")
    for region in capacities:
        for left_out in region.plan.left_out:
            say(f"{region.plan.region}: LEFT OUT: {left_out}")
        for shortfall in shortfalls(region, prices):
            say(f"{region.plan.region}: {shortfall}")


def _record(plan: RegionPlan) -> Record:
    function = plan.function
    return {
        "region": plan.region,
        "pods": plan.pods,
        "stack": plan.stack_name,
        "transports": plan.transports,
        "function": function.name,
        "accounts": [account.number for account in plan.invoking_accounts],
        "unconfirmed": [account.number for account in plan.unconfirmed_accounts],
        "runtime": function.runtime,
        "architecture": function.architecture,
        "memory_mb": function.memory_mb,
        "reserved": function.reserved_concurrency,
        "provisioned": function.provisioned_concurrency,
        "queued": plan.queued,
        "overflow": plan.overflowing,
        "delivers_to": [f"{name}={url}" for name, url in plan.service_urls.items()],
        "left_out": [choice.setting for choice in plan.left_out],
        "alarms_to": plan.alarms.shown,
    }
