"""Keep what was seen: as a golden message, as a curl command, as a test."""

from __future__ import annotations

import json
import re
import shlex
import textwrap
from pathlib import Path

from console.exit_codes import CommandError, ExitCode
from workbench.golden_cases import GoldenCase
from workbench.message_files import NamedMessage
from workbench.pace import ONE_BY_ONE
from workbench.recording import recorded
from workbench.studio.journey import Journey
from workbench.studio.session import StudioSession
from workbench.trial import TrialRunner
from workbench.trial_stage import stage

_NAME = re.compile(r"[\w-]{1,80}")


def golden_folder(session: StudioSession) -> Path:
    """Say where the golden messages of the integration are."""
    integration = session.stage.plan.function.integration or ""
    return Path("tests") / integration.partition(":")[0].partition(".")[0] / "golden"


def kept(session: StudioSession, journey: Journey, name: str) -> GoldenCase:
    """Write what `firehose try --record` writes, by trying the message anew as it does.

    The service answers as it is disturbed now. Raises `CommandError` for a name that is no file's
    or that is taken, and what recording raises.
    """
    if not _NAME.fullmatch(name):
        raise CommandError(
            f"{name} is no name",
            next_step="take letters, digits, - and _",
            exit_code=ExitCode.USAGE,
        )
    folder = golden_folder(session)
    if (folder / f"{name}.json").exists():
        raise CommandError(f"{folder}/{name}.json exists", next_step="take another name")
    message = NamedMessage(name=name, content=journey.content)
    choose = session.disturbances.choose
    with session.alone(), stage(session.stage.plan, service=choose, pace=ONE_BY_ONE) as runner:
        trial = TrialRunner(runner).run(name, journey.content)
        return recorded(folder, message, trial, runner.endpoint.integration)


def as_curl(journey: Journey, url: str) -> str:
    """Write a command that posts the message to the endpoint of this machine, secrets by name."""
    return f"curl --json {shlex.quote(_shown(journey, indent=None))} {url}"


def as_test(journey: Journey, session: StudioSession) -> str:
    """Write a test that sends the message to the class and holds what came of it, in words."""
    module, _, class_name = (session.stage.plan.function.integration or "").partition(":")
    request = journey.request
    name = request.type if request else "message"
    error = next((error for it in journey.passages for error in it.errors), None)
    content = textwrap.indent(_shown(journey, indent=2), "    ").strip()
    head = [
        "import json",
        "",
        "import pytest",
        "",
        "import firehose",
        f"from {module} import {class_name}",
    ]
    call = f"{class_name}().process(firehose.decode(MESSAGE.encode()))"
    if error is None:
        head.remove("import pytest")
        head.remove("")
        body = [f"    response = {call}", "", f"    assert response.id == {_id(journey)!r}"]
    else:
        body = [f"    with pytest.raises(firehose.{type(error).__name__}):", f"        {call}"]
    return "\n".join(
        [
            *head,
            "",
            f'MESSAGE = r"""\n    {content}\n"""',
            "",
            "",
            f"def test_{name}_is_taken() -> None:"
            if error is None
            else f"def test_{name}_raises() -> None:",
            *body,
            "",
        ]
    )


def _shown(journey: Journey, *, indent: int | None) -> str:
    """Give the message with secrets by name, or as it came where it is none."""
    if journey.request is None:
        return journey.content.decode(errors="replace")
    return json.dumps(journey.mask.json(json.loads(journey.content)), indent=indent)


def _id(journey: Journey) -> str:
    return journey.request.id if journey.request else ""
