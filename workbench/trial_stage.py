"""Where an integration is tried: the endpoint in this process, and a service for it to call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Annotated

import typer

from console.exit_codes import CommandError, ExitCode
from local.stand_in import BEHAVIOURS, Behaviour, Choice
from plan.region_plan import RegionPlan
from workbench.in_process_endpoint import in_process
from workbench.message_runner import MessageRunner
from workbench.partner_services import partner_services
from workbench.passages import Passages

AnswerOption = Annotated[
    str,
    typer.Option(
        "--answer", help="What your service answers: a status, slow or reset.", metavar="ANSWER"
    ),
]
LiveOption = Annotated[
    bool, typer.Option("--live", help="Let the calls go where they are meant to go.")
]


@contextmanager
def stage(plan: RegionPlan, *, choose: Choice | None) -> Iterator[MessageRunner]:
    """Set up an endpoint for the length of a block; give what runs messages through it.

    Its calls lead to services on this machine that answer as is chosen, and are let through to
    nowhere else; or, without a choice, to where the plan's environment leads, and are seen on the
    way. Raises `CommandError` when the integration cannot be loaded.
    """
    passages = Passages()
    with (
        partner_services(
            plan.function.environment, choose=choose, observe=passages.note_call
        ) as environment,
        in_process(led(plan, environment), is_guarded=choose is not None) as endpoint,
    ):
        yield MessageRunner(endpoint, passages)


def led(plan: RegionPlan, environment: Mapping[str, str]) -> RegionPlan:
    """Put another environment in place of the function's."""
    return replace(plan, function=replace(plan.function, environment=environment))


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
