"""Where an integration is tried: the endpoint in this process, and a service for it to call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from console.exit_codes import CommandError, ExitCode
from local.stand_in import BEHAVIOURS, Behaviour, ServiceExchange, in_turn, stand_in
from local.stand_in_doors import doors
from plan.region_plan import RegionPlan
from workbench.call_relay import relayed
from workbench.in_process_endpoint import InProcessEndpoint, in_environment

AnswerOption = Annotated[
    str,
    typer.Option(
        "--answer", help="What your service answers: a status, slow or reset.", metavar="ANSWER"
    ),
]
LiveOption = Annotated[
    bool, typer.Option("--live", help="Let the calls go where they are meant to go.")
]
TakeExchanges = Callable[[], Iterable[ServiceExchange]]
"""Gives the exchanges since it was last called."""


@contextmanager
def stage(
    plan: RegionPlan, *, service: Behaviour | None
) -> Iterator[tuple[InProcessEndpoint, TakeExchanges]]:
    """Set up an endpoint for the length of a block; give it and what tells of its calls.

    They lead to a stand-in on this machine that answers as `service` says and are let through to
    nowhere else; or, without one, to where the plan's environment leads, and are seen on the way.
    Raises `CommandError` when the integration cannot be loaded.
    """
    with _stand_in(plan, service) if service else _live(plan) as staged:
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
def _stand_in(
    plan: RegionPlan, answer: Behaviour
) -> Iterator[tuple[InProcessEndpoint, TakeExchanges]]:
    with (
        stand_in(in_turn([answer])) as service,
        doors(service, plan.function.environment) as environment,
        in_environment(plan, environment, leaves_machine=False) as endpoint,
    ):
        yield endpoint, service.take_exchanges


@contextmanager
def _live(plan: RegionPlan) -> Iterator[tuple[InProcessEndpoint, TakeExchanges]]:
    with (
        relayed(plan.function.environment) as (environment, relay),
        in_environment(plan, environment, leaves_machine=True) as endpoint,
    ):
        yield endpoint, relay.take_exchanges
