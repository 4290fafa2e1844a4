"""Where an integration is tried: the endpoint in this process, and a service for it to call."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from console.exit_codes import UsageError
from local.service_calls import BEHAVIOURS, Behaviour, Choice, in_turn
from local.stand_in import AnsweringService
from local.stand_in_doors import doors
from plan.region_plan import RegionPlan
from workbench.call_relay import passing_on
from workbench.in_process_endpoint import in_environment
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
    plan: RegionPlan,
    *,
    service: Choice | None,
    pace: Pace = AS_DEPLOYED,
    passages: Passages | None = None,
    sqs: MemorySqs | None = None,
) -> Iterator[MessageRunner]:
    """Set up an endpoint for the length of a block; give what runs messages through it.

    Its calls lead to a stand-in on this machine that answers as `service` chooses and are let
    through to nowhere else; or, without one, to where the plan's environment leads, and are seen on
    the way. `passages` and `sqs` may be what others have, too, with what they hold. Raises
    `CommandError` when the integration cannot be loaded.
    """
    passages = passages or Passages()
    planned = plan.function.environment
    choose = service or passing_on(planned)
    with (
        AnsweringService(choose, passages.note_call).running() as answering,
        doors(answering, planned) as led,
        in_environment(plan, led, leaves_machine=service is None, pace=pace, sqs=sqs) as endpoint,
    ):
        yield MessageRunner(endpoint, passages)


def service_of(
    answer: str, *, retry_after: int | None = None, script: Path | None = None
) -> Choice:
    """Read what a stand-in should answer: always the same, or what a script says.

    Raises `UsageError` for what is neither.
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
