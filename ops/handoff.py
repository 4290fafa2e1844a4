"""`firehose handoff`: what mParticle is given for every pod, read from what is live."""

from __future__ import annotations

import typer

from ops.aws import in_every_region
from ops.deployed import DeployedEndpoint, read_endpoint
from ops.exit_codes import CommandError, ExitCode
from ops.options import DEFAULT_DEPLOYMENT, DeploymentOption, FormatOption, RegionOption, planned
from ops.output import Format, Record, say, write
from plan.regions import RegionPlan


def handoff(
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    region: RegionOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Print each pod's ARN, who may invoke it and its size, ready to send to mParticle.

    Example: firehose handoff --format markdown
    """
    outcomes = in_every_region(planned(deployment, region), read_endpoint)
    records: list[Record] = []
    complaints: list[str] = []
    exit_code = ExitCode.FINE
    for plan, outcome in outcomes:
        if isinstance(outcome, CommandError):
            complaints.append(str(outcome))
            exit_code = outcome.exit_code
            continue
        records += [_record(pod, plan, outcome) for pod in plan.pods]
        if difference := _policy_difference(plan, outcome):
            complaints.append(f"{plan.region}: {difference}\nNext: cdk deploy {plan.stack_name}")
            exit_code = exit_code or ExitCode.CHECK_FAILED
    write(records, form=form)
    for complaint in complaints:
        say(complaint)
    for plan, _ in outcomes:
        for account in plan.unconfirmed_accounts:
            say(
                f"{plan.region}: ask mParticle to confirm account {account.number};"
                f" it is documented elsewhere only ({account.source})"
            )
    raise typer.Exit(exit_code)


def _record(pod: str, plan: RegionPlan, endpoint: DeployedEndpoint) -> Record:
    unconfirmed = {account.number for account in plan.unconfirmed_accounts}
    return {
        "pod": pod,
        "region": plan.region,
        "arn": endpoint.arn,
        "version": endpoint.version,
        "accounts_granted": endpoint.accounts,
        "needs_mparticles_word": [n for n in endpoint.accounts if n in unconfirmed],
        "memory_mb": endpoint.memory_mb,
        "reserved_concurrency": endpoint.reserved_concurrency,
        "provisioned_concurrency": plan.function.provisioned_concurrency,
    }


def _policy_difference(plan: RegionPlan, endpoint: DeployedEndpoint) -> str | None:
    planned_accounts = {account.number for account in plan.invoking_accounts}
    missing = sorted(planned_accounts.difference(endpoint.accounts))
    unexpected = sorted(set(endpoint.accounts).difference(planned_accounts))
    parts = [f"not granted: {', '.join(missing)}"] if missing else []
    parts += [f"granted without a plan: {', '.join(unexpected)}"] if unexpected else []
    return "; ".join(parts) or None
