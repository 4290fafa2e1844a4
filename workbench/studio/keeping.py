"""Keep what was seen: as a golden message, as a curl command, as a test."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

from console.exit_codes import CommandError, UsageError
from local.service_calls import Behaviour
from workbench.golden_cases import GoldenCase
from workbench.loaded_integration import integration_name
from workbench.message_files import NamedMessage, golden_folder
from workbench.pace import ONE_BY_ONE
from workbench.recording import recorded
from workbench.studio.journey import Journey
from workbench.studio.session import StudioSession
from workbench.trial import TrialRunner
from workbench.trial_stage import stage

_TEST = """from pathlib import Path

from console.planned_regions import planned_one
from local.service_calls import Behaviour, in_turn
from workbench.pace import ONE_BY_ONE
from workbench.trial import TrialRunner
from workbench.trial_stage import stage

MESSAGE = {message}


def test_{name}_does_what_it_did_in_the_studio() -> None:
    plan = planned_one(Path({deployment!r}))
    with stage(plan, service=in_turn([{answers}]), pace=ONE_BY_ONE) as runner:
        trial = TrialRunner(runner).run("copied", MESSAGE.encode())

    assert [(it.call.method, it.call.path) for it in trial.exchanges] == {calls!r}
    assert [type(it).__name__ for it in trial.errors] == {errors!r}
"""
_NAME = re.compile(r"[\w-]{1,80}")


def kept(session: StudioSession, journey: Journey, name: str) -> GoldenCase:
    """Write what `firehose try --record` writes, by trying the message anew as it does.

    The service answers as it is disturbed now. Raises `CommandError` for a name that is no file's
    or that is taken, and what recording raises.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name} is no name for a file", next_step="use letters, digits, - and _")
    folder = golden_folder(integration_name(session.stage.plan))
    if (folder / f"{name}.json").exists():
        raise CommandError(f"{folder}/{name}.json exists", next_step="take another name")
    message = NamedMessage(name=name, content=journey.content)
    choose = session.disturbances.choose
    with (
        session.stage.alone(),
        stage(session.stage.plan, service=choose, pace=ONE_BY_ONE) as runner,
    ):
        trial = TrialRunner(runner).run(name, journey.content)
        return recorded(folder, message, trial, runner.endpoint.integration)


def as_curl(journey: Journey, url: str) -> str:
    """Write a command that posts the message to the endpoint of this machine, secrets by name."""
    return f"curl --json {shlex.quote(_shown(journey, indent=None))} {url}"


def as_test(journey: Journey, deployment: Path) -> str:
    """Write a test that tries the message as `firehose try` does, and holds what came of it.

    The service answers as it did here, to the endpoint and to the worker's first attempt.
    """
    passages = journey.passages[:2]
    exchanges = [exchange for it in passages for exchange in it.exchanges]
    calls = [(it.call.method, journey.mask.text(it.call.path)) for it in exchanges]
    errors = [type(error).__name__ for it in passages for error in it.errors]
    answers = ", ".join(_behaviour(it.answer) for it in exchanges)
    name = journey.request.type if journey.request else "message"
    return _TEST.format(
        message=_literal(_shown(journey, indent=2)),
        name=name,
        deployment=str(deployment),
        answers=answers,
        calls=calls,
        errors=errors,
    )


def _behaviour(answer: Behaviour) -> str:
    if answer.resets:
        return "Behaviour(resets=True)"
    again = f", retry_after={answer.retry_after}" if answer.retry_after is not None else ""
    return f"Behaviour(status={answer.status}{again})"


def _literal(text: str) -> str:
    """Write a text as Python: line by line, unless quotes in it would end that too early."""
    return repr(text) if "'''" in text else f"r'''\n{text}\n'''"


def _shown(journey: Journey, *, indent: int | None) -> str:
    """Give the message with secrets by name, or as it came where it is none."""
    if journey.request is None:
        return journey.content.decode(errors="replace")
    return json.dumps(journey.mask.json(json.loads(journey.content)), indent=indent)
