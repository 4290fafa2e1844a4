"""Gradual rollouts that CodeDeploy has under way: which there are, and ending them.

While one is under way the alias belongs to CodeDeploy, which sets its weights again and again, and
CloudFormation waits for it. So nobody else may move the alias then; the rollout is stopped instead.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from cloud.stack import StackResource
from console.exit_codes import CommandError
from ops.live.functions import read_functions
from plan.region_plan import RegionPlan

if TYPE_CHECKING:
    from boto3.session import Session

CODEDEPLOY_APPLICATION = "AWS::CodeDeploy::Application"
_PAUSE_SECONDS = 2.0
_LONGEST_SECONDS = 120


def rollouts_under_way(session: Session, resources: Sequence[StackResource]) -> tuple[str, ...]:
    """List the ids of a stack's unfinished deployments; none where nothing rolls out gradually."""
    applications = [it.physical_id for it in resources if it.kind == CODEDEPLOY_APPLICATION]
    if not applications:
        return ()
    codedeploy = session.client("codedeploy")
    return tuple(
        deployment
        for application in applications
        for group in codedeploy.list_deployment_groups(applicationName=application)[
            "deploymentGroups"
        ]
        for deployment in codedeploy.list_deployments(
            applicationName=application,
            deploymentGroupName=group,
            includeOnlyStatuses=["Created", "Queued", "InProgress", "Baking", "Ready"],
        )["deployments"]
    )


def end_rollouts(
    session: Session,
    plan: RegionPlan,
    deployments: Sequence[str],
    resources: Sequence[StackResource],
) -> None:
    """Stop deployments, and wait until CodeDeploy has given the old version all calls again.

    Raises `CommandError` when an alias still shares its calls after two minutes.
    """
    codedeploy = session.client("codedeploy")
    for deployment in deployments:
        try:
            codedeploy.stop_deployment(deploymentId=deployment, autoRollbackEnabled=True)
        except codedeploy.exceptions.DeploymentAlreadyCompletedException:
            continue  # it ended meanwhile, one way or the other
    deadline = time.monotonic() + _LONGEST_SECONDS
    while any(it.shifting_to for it in read_functions(session, plan, resources)):
        if time.monotonic() > deadline:
            raise CommandError(
                f"{plan.region}: CodeDeploy was told to stop, but the alias still shares its calls",
                next_step=f"see {', '.join(deployments)} in CodeDeploy in {plan.region}",
            )
        time.sleep(_PAUSE_SECONDS)
