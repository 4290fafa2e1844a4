"""The stages on AWS: what is live in a region, or an ARN or URL of anybody's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cloud.stack import DeployedStack
from plan.fields import TransportName
from plan.mparticle import HTTPS_P99_MS, LAMBDA_P99_MS
from plan.names import FUNCTION_ARN_OUTPUT
from plan.region_plan import RegionPlan
from probe.check_requests import request_named
from probe.customer_settings import Settings, settings_of
from probe.endpoint_answer import Endpoint
from probe.endpoint_check import Stage
from probe.https_endpoint import HttpsEndpoint
from probe.lambda_endpoint import LambdaEndpoint
from probe.registered_types import REGISTRATION, registered_types, registration_in
from probe.remedies import DEPLOYED, FOREIGN
from probe.shaped_requests import shaped_requests

if TYPE_CHECKING:
    from boto3.session import Session

LIMITS_MS: dict[TransportName, int] = {"lambda": LAMBDA_P99_MS, "https": HTTPS_P99_MS}
_PATIENCE_SECONDS = 10
"""Of mParticle with code of anybody's, whose timeout is not known: nobody says how long it waits,
and this is fifty times what it asks for."""


def endpoints_of(session: Session, stack: DeployedStack) -> list[LambdaEndpoint | HttpsEndpoint]:
    """Find what mParticle calls in a region, the alias first.

    Raises `CommandError` with exit code 4 when it is not deployed.
    """
    found: list[LambdaEndpoint | HttpsEndpoint] = []
    if stack.plan.invoked:
        arn = stack.output(FUNCTION_ARN_OUTPUT)
        found.append(LambdaEndpoint.of(session, arn, name=stack.plan.region))
    if stack.plan.https:
        found.append(HttpsEndpoint.of(session, stack))
    return found


def registration_of(endpoint: Endpoint) -> Any:
    """Ask an endpoint what its integration is; whatever it answers is given."""
    request = request_named(REGISTRATION)
    return endpoint.send(request, message_type=REGISTRATION).content


def deployed_stages(session: Session, stack: DeployedStack, entered: Settings) -> list[Stage]:
    """Make the stages of a region's endpoints. Raises as `endpoints_of` does."""
    return stages_of(endpoints_of(session, stack), entered=entered, plan=stack.plan)


def stages_of(
    endpoints: Sequence[Endpoint], *, entered: Settings, plan: RegionPlan | None
) -> list[Stage]:
    """Make a stage of each endpoint of one integration, which is asked once what it registers for.

    `plan` is none for what somebody else deployed.
    """
    registration = registration_in(registration_of(endpoints[0])) if endpoints else None
    make = shaped_requests(registration)
    return [
        Stage(
            endpoint=endpoint,
            settings=settings_of(registration, entered),
            registered=registered_types(registration),
            make=make,
            queued=plan.queued if plan else (),
            remedies=DEPLOYED if plan else FOREIGN,
            limit_ms=LIMITS_MS[endpoint.transport],
            timeout_seconds=plan.function.timeout_seconds if plan else _PATIENCE_SECONDS,
            has_times=plan is None or plan.complete,  # the embedded AWS takes its time
        )
        for endpoint in endpoints
    ]
