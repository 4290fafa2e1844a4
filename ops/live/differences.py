"""Where what is live is not what was planned: who may invoke, the size, the reservation."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from cloud.outputs import DeployedEndpoint, account_of, read_endpoint
from plan.region_plan import RegionPlan

if TYPE_CHECKING:
    from boto3.session import Session


def read_differences(session: Session, plan: RegionPlan) -> list[str]:
    """Read what is live in a region and compare it. HTTPS alone has nothing to compare."""
    if "lambda" not in plan.transports:
        return []
    return [*differences(plan, read_endpoint(session, plan)), *_open_function(session, plan)]


def _open_function(session: Session, plan: RegionPlan) -> list[str]:
    """Say who may invoke the function itself, past the alias: nobody should."""
    lambda_ = session.client("lambda")
    name = plan.function.name
    try:
        policy = json.loads(lambda_.get_policy(FunctionName=name)["Policy"])
    except lambda_.exceptions.ResourceNotFoundException:
        return []
    return [
        f"{plan.region}: {account_of(statement)} may invoke the function past its alias"
        f"\nNext: aws lambda remove-permission --function-name {name} --region {plan.region}"
        f" --statement-id {statement.get('Sid')}"
        for statement in policy["Statement"]
        # the embedded AWS lists those of the alias here as well
        if statement.get("Resource", "").endswith(f":function:{name}")
    ]


def differences(plan: RegionPlan, endpoint: DeployedEndpoint) -> list[str]:
    """Say where what is live is not what was planned, each with the next step."""
    planned_accounts = {account.number for account in plan.invoking_accounts}
    texts = [
        f"account {number} is planned but may not invoke"
        for number in sorted(planned_accounts.difference(endpoint.accounts))
    ]
    texts += [
        f"account {number} may invoke but is not planned"
        for number in sorted(set(endpoint.accounts).difference(planned_accounts))
    ]
    function = plan.function
    if endpoint.memory_mb != function.memory_mb:
        texts.append(f"memory is {endpoint.memory_mb} MB, planned {function.memory_mb}")
    # The embedded AWS takes a reservation and forgets it.
    if plan.complete and endpoint.reserved_concurrency != function.reserved_concurrency:
        texts.append(
            f"reserved concurrency is {endpoint.reserved_concurrency or 'none'},"
            f" planned {function.reserved_concurrency or 'none'}"
        )
    return [f"{plan.region}: {text}\nNext: cdk deploy {plan.stack_name}" for text in texts]
