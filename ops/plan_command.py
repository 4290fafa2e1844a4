"""`firehose plan`: what would exist in every region, without asking AWS anything."""

from __future__ import annotations

from ops.options import DEFAULT_DEPLOYMENT, DeploymentOption, FormatOption, RegionOption, planned
from ops.output import Format, Record, say, write
from plan.regions import RegionPlan


def plan(
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    region: RegionOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show what each region will have. Asks AWS nothing.

    Example: firehose plan --format json
    """
    regions = planned(deployment, region)
    write([_record(plan) for plan in regions], form=form)
    for plan in regions:
        for account in plan.unconfirmed_accounts:
            say(
                f"{plan.region}: ask mParticle whether account {account.number} invokes Lambdas"
                f" here ({account.source})"
            )


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
        "queued": plan.delivery.queued if plan.delivery else (),
        "alarms_to": plan.alarm_email,
    }
