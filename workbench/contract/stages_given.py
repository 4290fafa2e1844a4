"""The stages of anybody's function or URL, with what is known about it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from cloud.regions import aws_failures, session_in
from console.exit_codes import UsageError
from console.token_file import read_token
from local.service_calls import always
from local.stand_in import StandIn
from probe.customer_settings import Settings
from probe.deployed_stages import stages_of
from probe.endpoint_answer import Endpoint
from probe.endpoint_check import Stage
from probe.https_endpoint import HttpsEndpoint
from probe.lambda_endpoint import LambdaEndpoint

_ARN = re.compile(r"arn:aws[\w-]*:lambda:(?P<region>[\w-]+):\d{12}:function:[\w-]+(:[\w$-]+)?")
_LATE_SECONDS = 30.0
"""How long a queue of anybody's may take to deliver what was acknowledged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenEndpoint:
    """What the command line says: a function by its ARN, a URL, or both of one integration.

    `token` names the file with the URL's token. `service_port` is where the endpoint calls what
    takes its service's place, `log` the file into which it writes.
    """

    arn: str | None
    url: str | None
    token: str | None
    service_port: int | None
    log: Path | None

    @property
    def is_given(self) -> bool:
        """Whether there is anything to call."""
        return bool(self.arn or self.url)


@contextmanager
def stages_given(given: GivenEndpoint, *, entered: Settings) -> Iterator[list[Stage]]:
    """Give the stage of each; the service on this machine ends with the block.

    Raises `UsageError` for what is no endpoint, port or log, or when nobody
    answers.
    """
    endpoints: list[Endpoint] = []
    if given.arn:
        endpoints.append(_function(given.arn))
    if given.url:
        endpoints.append(HttpsEndpoint.at(given.url, token=read_token(given.token)))
    if given.log and not given.log.is_file():
        raise UsageError(
            f"--log: {given.log} is no file",
            next_step="start the endpoint first, and let it write everything there",
        )
    with ExitStack() as stack:
        service = None
        if given.service_port is not None:
            service = stack.enter_context(_service(given.service_port))
        with aws_failures(endpoints[0].name):
            stages = stages_of(endpoints, entered=entered, plan=None)
        yield [_with(stage, service, given.log) for stage in stages]


def _with(stage: Stage, service: StandIn | None, log: Path | None) -> Stage:
    if log:
        stage = replace(stage, read_log=lambda: log.read_text("utf-8", "replace").splitlines())
    if service is None:
        return stage
    return replace(
        stage,
        service=service,
        drain=service.wait_until_still,
        settle=lambda: service.wait_until_quiet(stage.timeout_seconds),
        late_seconds=_LATE_SECONDS,
    )


@contextmanager
def _service(port: int) -> Iterator[StandIn]:
    try:
        server = StandIn(always("ok"), port=port)
    except (OSError, OverflowError):
        raise UsageError(
            f"--service-port: {port} is taken, or no port",
            next_step="choose a free one, and start the endpoint with its service there",
        ) from None
    with server.running():
        yield server


def _function(arn: str) -> LambdaEndpoint:
    match = _ARN.fullmatch(arn)
    if match is None:
        raise UsageError(
            f"--arn: found {arn}, which is no ARN of a function",
            next_step="firehose handoff shows yours",
        )
    return LambdaEndpoint.of(session_in(match["region"]), arn, name=arn)
