"""The stage of a jar: its handler in a `java` process on this machine, and a service."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from typing import Literal

from console.output import say
from local.function_environment import led_to, told_by_lambda
from local.java_function import JavaFunction, java_function
from local.service_calls import always
from local.stand_in import stand_in
from plan.region_plan import RegionPlan
from probe.customer_settings import Settings
from probe.deployed_stages import stages_of
from probe.endpoint_answer import Body, EndpointAnswer, as_bytes, parsed
from probe.endpoint_check import Stage
from probe.remedies import JAR
from workbench.contract.stage_in_process import SETTLE_SECONDS

_CALLS_PER_SECOND = 20.0
"""One process takes one call at a time."""


class _JarEndpoint:
    """See `probe.endpoint_answer.Endpoint`: what an invoked function is to mParticle."""

    transport: Literal["lambda"] = "lambda"

    def __init__(self, name: str, function: JavaFunction) -> None:
        self.name = name
        self._function = function

    def serves(self, message_type: str) -> bool:
        """Say yes."""
        return True

    def send(self, body: Body, *, message_type: str) -> EndpointAnswer:
        """Invoke it once. Raises `CommandError` when the handler cannot be loaded."""
        started = time.perf_counter()
        answer = self._function.invoke(as_bytes(body))
        return EndpointAnswer(
            status=int(HTTPStatus.OK),
            content=parsed(answer.body),
            milliseconds=(time.perf_counter() - started) * 1000,
            error=answer.error,
        )


def is_jar(plan: RegionPlan) -> bool:
    """Whether what is planned is a jar for Lambda's Java."""
    return plan.function.runtime.startswith("java") and plan.function.package.suffix == ".jar"


@contextmanager
def stage_of_jar(plan: RegionPlan, *, entered: Settings) -> Iterator[Stage]:
    """Run the jar of a region's plan, with a service on this machine behind all its URLs.

    Raises `CommandError` where there is no `java`, or no handler that it can call.
    """
    planned = plan.function
    say(
        f"{planned.package} runs in a process of its own; only what it calls by a URL of"
        " [environment] is led to a service on this machine."
    )
    with (
        stand_in(always("ok")) as service,
        java_function(
            Path(planned.package),
            planned.handler,
            seconds=planned.timeout_seconds,
            variables=led_to(service.url, planned.environment) | told_by_lambda(plan),
        ) as function,
    ):
        endpoint = _JarEndpoint(Path(planned.package).name, function)
        (stage,) = stages_of([endpoint], entered=entered, plan=plan)
        yield replace(
            stage,
            service=service,
            drain=service.wait_until_still,
            settle=lambda: service.wait_until_quiet(planned.timeout_seconds + SETTLE_SECONDS),
            read_log=lambda: function.log.lines,
            remedies=JAR,
            limit_ms=min(it.limit_ms for it in plan.endpoints),
            has_times=True,
            calls_per_second=_CALLS_PER_SECOND,
        )
