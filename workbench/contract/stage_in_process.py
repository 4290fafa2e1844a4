"""The stage in this process: the partner's class behind the endpoint's code, and a service."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Literal

from console.output import say
from firehose import Request
from local.function_environment import led_to
from local.service_calls import always
from local.stand_in import StandIn, stand_in
from plan.region_plan import RegionPlan
from probe.customer_settings import Settings
from probe.deployed_stages import stages_of
from probe.endpoint_answer import Body, EndpointAnswer, as_bytes
from probe.endpoint_check import Stage
from probe.remedies import HERE
from workbench.in_process_endpoint import InProcessEndpoint, in_environment
from workbench.network_guard import refusal_of
from workbench.pace import ONE_BY_ONE
from workbench.partner_trace import Bug, bug_of
from workbench.passages import Passages

SETTLE_SECONDS = 2.0
"""Beyond the function's timeout: how long the end of an earlier check is waited for."""


class _InProcess:
    """See `probe.endpoint_answer.Endpoint`: what an invoked function is to mParticle.

    `bugs` has what the integration raised and did not name.
    """

    name = "in-process"
    transport: Literal["lambda"] = "lambda"

    def __init__(self, endpoint: InProcessEndpoint) -> None:
        self.bugs: list[Bug] = []
        self._endpoint = endpoint
        self._untold: list[Bug] = []
        Passages(raised=self._note).watch(endpoint.integration)

    def start_anew(self) -> None:
        """Do as a new environment of Lambda."""
        self._endpoint.start_anew()
        self._untold.clear()
        Passages(raised=self._note).watch(self._endpoint.integration)

    def serves(self, message_type: str) -> bool:
        """Say yes."""
        return True

    def send(self, body: Body, *, message_type: str) -> EndpointAnswer:
        """Answer as AWS would report it: whatever is raised is a function error."""
        message: Any = json.loads(as_bytes(body))
        content: Any = None
        error = None
        refused = len(self._endpoint.refused_hosts)
        started = time.perf_counter()
        try:
            content = self._endpoint.answer(message)
        except Exception as raised:
            error = f"{type(raised).__name__}: {raised}"
        milliseconds = (time.perf_counter() - started) * 1000
        # What overflows over these is acknowledged, but no check should pass over them.
        if hosts := self._endpoint.refused_hosts[refused:]:
            error = f"it was not let through to {', '.join(hosts)}"
        elif self._untold:
            # Its text may quote the service, which a function error does not.
            error = f"{self._untold[-1].error}, as shown above"
            self.bugs += self._untold
            self._untold.clear()
        return EndpointAnswer(
            status=int(HTTPStatus.OK),
            content=content,
            milliseconds=milliseconds,
            error=error,
        )

    def _note(self, error: Exception, request: Request) -> None:
        if bug := bug_of(error, request):
            self._untold.append(bug)


@contextmanager
def stage_in_process(plan: RegionPlan, *, entered: Settings) -> Iterator[Stage]:
    """Load a region's integration, with a service on this machine behind all its URLs.

    Nothing leaves this machine; hosts that the integration was not let through to are told at the
    end. Raises `CommandError` when the integration cannot be loaded.
    """
    with (
        stand_in(always("ok")) as service,
        in_environment(
            plan,
            led_to(service.url, plan.function.environment),
            leaves_machine=False,
            pace=ONE_BY_ONE,
        ) as loaded,
    ):
        endpoint = _InProcess(loaded)
        yield _stage(plan, loaded, endpoint, service, entered)
    for bug in dict.fromkeys(endpoint.bugs):
        say(f"The integration raised\n{bug.trace}")
    if loaded.refused_hosts:
        say(refusal_of(loaded.refused_hosts))


def _stage(
    plan: RegionPlan,
    loaded: InProcessEndpoint,
    endpoint: _InProcess,
    service: StandIn,
    entered: Settings,
) -> Stage:
    def try_queued() -> None:
        loaded.deliver()

    def drain() -> None:
        for _ in range(plan.delivery.attempts if plan.delivery else 0):
            loaded.deliver()

    def settle() -> None:
        endpoint.start_anew()
        service.wait_until_quiet(plan.function.timeout_seconds + SETTLE_SECONDS)

    (stage,) = stages_of([endpoint], entered=entered, plan=plan)
    return replace(
        stage,
        remedies=HERE,
        settle=settle,
        service=service,
        try_queued=try_queued,
        drain=drain,
        read_log=lambda: loaded.log.lines,
        processor=type(loaded.integration),
        limit_ms=min(it.limit_ms for it in plan.endpoints),
        has_times=True,
    )
