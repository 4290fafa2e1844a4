"""Where an integration is tried: the endpoint in this process, and a service for it to call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from console.exit_codes import CommandError, ExitCode
from endpoint.plugin import IntegrationError
from local.stand_in import BEHAVIOURS, Behaviour
from plan.region_plan import RegionPlan
from workbench.in_process import InProcessEndpoint, in_process
from workbench.partner_trace import trace_of
from workbench.relay import relayed
from workbench.service import ServiceExchange, in_turn, recording_service

Take = Callable[[], Iterable[ServiceExchange]]
"""Gives the exchanges since it was last called."""


@contextmanager
def stage(
    plan: RegionPlan, *, service: Behaviour | None
) -> Iterator[tuple[InProcessEndpoint, Take]]:
    """Set up an endpoint for the length of a block; give it and what tells of its calls.

    They lead to a stand-in on this machine that answers as `service` says and are let through to
    nowhere else; or, without one, to where the plan's environment leads, and are seen on the way.
    Raises `CommandError` when the integration cannot be loaded.
    """
    with ExitStack() as stack:
        try:
            staged = stack.enter_context(_stand_in(plan, service) if service else _live(plan))
        except CommandError:
            raise
        except IntegrationError as error:
            raise CommandError(
                str(error), next_step="mend code.integration in the deployment file"
            ) from None
        except Exception as error:  # whatever the partner's code raises while it is loaded
            raise CommandError(
                f"{plan.function.integration} cannot be loaded:\n{trace_of(error)}",
                next_step="mend what the last lines name",
            ) from None
        yield staged


def behaviour_of(answer: str, *, retry_after: int | None) -> Behaviour:
    """Read what a stand-in should answer. Raises `CommandError` with exit code 2."""
    if answer in {"slow", "reset"}:
        return BEHAVIOURS[answer]
    if answer.isascii() and answer.isdigit() and 200 <= int(answer) <= 599:
        return Behaviour(status=int(answer), retry_after=retry_after)
    raise CommandError(
        f"--answer: found {answer}",
        next_step="give a status from 200 to 599, slow or reset",
        exit_code=ExitCode.USAGE,
    )


@contextmanager
def _stand_in(plan: RegionPlan, answer: Behaviour) -> Iterator[tuple[InProcessEndpoint, Take]]:
    with (
        recording_service(in_turn([answer])) as service,
        in_process(plan, service_url=service.url) as endpoint,
    ):
        yield endpoint, service.take


@contextmanager
def _live(plan: RegionPlan) -> Iterator[tuple[InProcessEndpoint, Take]]:
    with relayed(plan.function.environment) as (environment, relays):
        led = replace(plan, function=replace(plan.function, environment=environment))
        with in_process(led, service_url=None) as endpoint:
            yield endpoint, lambda: [it for relay in relays for it in relay.take()]
