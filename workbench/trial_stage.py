"""Where an integration is tried: the endpoint in this process, and a service for it to call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from console.exit_codes import UsageError
from local.service_calls import BEHAVIOURS, Behaviour, Choice, in_turn
from local.stand_in import AnsweringService
from local.stand_in_doors import doors
from plan.region_plan import RegionPlan
from workbench.call_relay import relayed
from workbench.in_process_endpoint import InProcessEndpoint, in_environment
from workbench.memory_sqs import MemorySqs
from workbench.message_runner import MessageRunner
from workbench.pace import AS_DEPLOYED, Pace
from workbench.passages import Passages
from workbench.service_script import by_script, read_script

AnswerOption = Annotated[
    str,
    typer.Option(
        "--answer", help="What the stand-in answers: a status, slow or reset.", metavar="ANSWER"
    ),
]
PortOption = Annotated[
    int, typer.Option(help="Port to listen on; 0 takes any free one.", min=0, max=65535)
]
LiveOption = Annotated[bool, typer.Option("--live", help="Call your real service, not a stand-in.")]


@contextmanager
def stage(
    plan: RegionPlan, *, service: Choice | None, pace: Pace = AS_DEPLOYED
) -> Iterator[MessageRunner]:
    """Set up an endpoint for the length of a block; give what runs messages through it.

    Its calls lead to a stand-in on this machine that answers as `service` chooses and are let
    through to nowhere else; or, without one, to where the plan's environment leads, and are seen on
    the way. Raises `CommandError` when the integration cannot be loaded.
    """
    passages = Passages()
    with staged(plan, service=service, passages=passages, pace=pace) as endpoint:
        yield MessageRunner(endpoint, passages)


@contextmanager
def staged(
    plan: RegionPlan,
    *,
    service: Choice | None,
    passages: Passages,
    pace: Pace,
    sqs: MemorySqs | None = None,
) -> Iterator[InProcessEndpoint]:
    """Do the same with passages and queues that others have, too; give the endpoint."""
    with (
        _led(plan.function.environment, service, passages) as environment,
        in_environment(
            plan, environment, leaves_machine=service is None, pace=pace, sqs=sqs
        ) as endpoint,
    ):
        yield endpoint


def service_of(
    answer: str, *, retry_after: int | None = None, script: Path | None = None
) -> Choice:
    """Read what a stand-in should answer: always the same, or what a script says.

    Raises `CommandError` with exit code 2.
    """
    if script:
        return by_script(read_script(script))
    return in_turn([_behaviour_of(answer, retry_after=retry_after)])


def _behaviour_of(answer: str, *, retry_after: int | None) -> Behaviour:
    if answer in {"slow", "reset"}:
        return BEHAVIOURS[answer]
    if answer.isascii() and answer.isdigit() and 200 <= int(answer) <= 599:
        return Behaviour(status=int(answer), retry_after=retry_after)
    raise UsageError(
        f"--answer: found {answer}", next_step="give a status from 200 to 599, slow or reset"
    )


@contextmanager
def _led(
    environment: Mapping[str, str], service: Choice | None, passages: Passages
) -> Iterator[dict[str, str]]:
    if service is None:
        with relayed(environment, passages.note_call) as led:
            yield led
        return
    with (
        AnsweringService(service, passages.note_call).running() as answering,
        doors(answering, environment) as led,
    ):
        yield led
