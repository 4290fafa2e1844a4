"""The stages on an embedded AWS of their own: one region deployed by the CDK, and a service."""

from __future__ import annotations

import os
import secrets
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from cloud import cdk
from cloud.queues import wait_for_depths
from cloud.regions import session_in
from cloud.stack import DeployedStack, deployed_stack
from console.exit_codes import UsageError
from console.output import say
from console.planned_regions import planned
from local.deployment_in_front import in_front_of
from local.embedded_aws import embedded_aws
from local.function_environment import other_environment
from local.service_calls import always
from local.stand_in import StandIn, stand_in
from plan.names import DEPLOYMENT_FILE, DEPLOYMENT_VARIABLE, TOKEN_SECRET_OUTPUT
from plan.region_plan import RegionPlan
from plan.target import LOCAL
from probe.customer_settings import Settings
from probe.deployed_stages import endpoints_of, stages_of
from probe.endpoint_check import Stage
from probe.remedies import PACKAGED

if TYPE_CHECKING:
    from boto3.session import Session

_DRAIN_SECONDS = 60.0


@contextmanager
def stages_on_embedded_aws(
    deployment: Path, region: Sequence[str] | None, *, entered: Settings
) -> Iterator[list[Stage]]:
    """Deploy the first planned region, or the first of those named, in front of a service.

    See `local.deployment_in_front` for what differs from the deployment file. It ends with the
    block. Raises `CommandError` when something does not start, or needs Java, which it has not.
    """
    _refuse_java(planned(deployment, region)[0])
    with (
        tempfile.TemporaryDirectory(prefix="contract-") as scratch,
        stand_in(always("ok")) as service,
        embedded_aws() as aws,
    ):
        file = Path(scratch) / DEPLOYMENT_FILE
        file.write_text(in_front_of(service.url, deployment.read_text("utf-8")), "utf-8")
        with other_environment(aws.within(os.environ) | {DEPLOYMENT_VARIABLE: str(file)}):
            plan = planned(file, region)[0]
            session = _deployed(plan, file, Path(scratch))
            stack = deployed_stack(session, plan)
            yield [
                replace(
                    stage,
                    service=service,
                    remedies=PACKAGED,
                    settle=partial(_settle, session, stack, service),
                    try_queued=partial(_try_queued, session, stack),
                    drain=partial(_drain, session, stack),
                )
                for stage in stages_of(endpoints_of(session, stack), entered=entered, plan=plan)
            ]


def _refuse_java(plan: RegionPlan) -> None:
    if plan.function.runtime.startswith("java"):
        raise UsageError(
            f"{plan.function.package} cannot run there: the embedded AWS has no Java",
            next_step="firehose contract runs the jar here as it is; --arn what is live",
        )


def _deployed(plan: RegionPlan, file: Path, scratch: Path) -> Session:
    say(f"{plan.region}: synthesizing …")
    cdk.synthesize(file, folder=scratch)
    say(f"{plan.region}: deploying on an embedded AWS …")
    cdk.bootstrap(plan, account=str(LOCAL.account), folder=scratch)
    cdk.deploy(plan, folder=scratch)
    session = session_in(plan.region)
    if plan.https:
        secret = deployed_stack(session, plan).output(TOKEN_SECRET_OUTPUT)
        session.client("secretsmanager").put_secret_value(
            SecretId=secret, SecretString=secrets.token_hex(16)
        )
    return session


def _try_queued(session: Session, stack: DeployedStack) -> None:
    """Wait until the worker has taken what waits."""
    wait_for_depths(session, stack, lambda it: not it.waiting, until=_deadline())


def _drain(session: Session, stack: DeployedStack) -> None:
    """Wait until the queue is empty, as long as a few retries take."""
    wait_for_depths(session, stack, lambda it: not it.undelivered, until=_deadline())


def _settle(session: Session, stack: DeployedStack, service: StandIn) -> None:
    _drain(session, stack)
    service.wait_until_quiet(_DRAIN_SECONDS)


def _deadline() -> float:
    return time.monotonic() + _DRAIN_SECONDS
