"""`--script`: what a stand-in answers, by rules in a file: bodies, trouble, trouble for a while.

The file is TOML with a list `answer` of rules. The first that fits a call answers it; a call that
none fits is answered 200. See docs/play.md for an example.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Sequence
from datetime import datetime
from datetime import time as TimeOfDay  # noqa: N812 - a time of day, not a module
from fnmatch import fnmatchcase
from pathlib import Path
from random import Random
from typing import Annotated, Any

import msgspec
import typer

from console.exit_codes import UsageError
from local.service_calls import BEHAVIOURS, Behaviour, Choice, ReceivedCall

ScriptOption = Annotated[
    Path | None,
    typer.Option(
        "--script", help="Rules for what the stand-in answers: docs/play.md.", metavar="FILE"
    ),
]
_DAY_SECONDS = 86_400.0


class AnswerRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"since": "from"}):
    """One rule: which calls it fits, and what they are answered.

    `path` may have `*`; `has` is a text anywhere in path, headers or body. `from` and `until` are
    times of day, `share` is the part of the fitting calls that it answers. `resets` cuts the
    connection, `seconds` comes before the answer. `body` may be text or anything that is JSON;
    `body_file` is beside the script.
    """

    method: str = "*"
    path: str = "*"
    has: str = ""
    since: TimeOfDay = TimeOfDay.min
    until: TimeOfDay = TimeOfDay.max
    share: Annotated[float, msgspec.Meta(gt=0, le=1)] = 1.0
    status: Annotated[int, msgspec.Meta(ge=200, le=599)] = 200
    retry_after: Annotated[int, msgspec.Meta(ge=0)] | None = None
    seconds: Annotated[float, msgspec.Meta(ge=0, le=60)] = 0.0
    resets: bool = False
    body: Any = None
    body_file: str = ""

    def fits(self, call: ReceivedCall, second_of_day: float) -> bool:
        """Whether it is about a call at a time of the day."""
        path = call.path.partition("?")[0]
        if not fnmatchcase(call.method, self.method) or not fnmatchcase(path, self.path):
            return False
        if not _second(self.since) <= second_of_day < _second(self.until):
            return False
        return any(self.has in text for text in (call.path, *call.headers.values())) or (
            self.has.encode() in call.body
        )


class _Script(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    answer: list[AnswerRule]


def read_script(file: Path) -> list[tuple[AnswerRule, Behaviour]]:
    """Read the rules, each with its answer.

    Raises `UsageError`, naming the rule, for a file that is no script.
    """
    try:
        script = msgspec.convert(tomllib.loads(file.read_text("utf-8")), _Script)
        return [(rule, _behaviour(rule, file.parent)) for rule in script.answer]
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise UsageError(
            f"--script: {file} cannot be used: {reason}",
            next_step='write rules such as [[answer]] path = "/events" status = 503: docs/play.md',
        ) from None


def second_of_today() -> float:
    """Give the seconds since midnight on this machine."""
    now = datetime.now().astimezone()
    return _second(now.time())


def by_script(
    rules: Sequence[tuple[AnswerRule, Behaviour]],
    *,
    now: Callable[[], float] = second_of_today,
    random: Random | None = None,
) -> Choice:
    """Choose by rules; `now` gives the seconds since some midnight, `random` draws the shares."""
    random = random or Random()  # noqa: S311 - a service in trouble, never secrets

    def choose(call: ReceivedCall) -> Behaviour:
        for rule, answer in rules:
            if rule.fits(call, now() % _DAY_SECONDS) and random.random() < rule.share:
                return answer
        return BEHAVIOURS["ok"]

    return choose


def _behaviour(rule: AnswerRule, folder: Path) -> Behaviour:
    body = rule.body
    content = b""
    if rule.body_file:
        content = (folder / rule.body_file).read_bytes()
    elif body is not None:
        content = (body if isinstance(body, str) else json.dumps(body)).encode()
    return Behaviour(
        status=rule.status,
        body=content,
        retry_after=rule.retry_after,
        seconds=rule.seconds,
        resets=rule.resets,
    )


def _second(moment: TimeOfDay) -> float:
    if moment == TimeOfDay.max:
        return _DAY_SECONDS
    return moment.hour * 3600.0 + moment.minute * 60 + moment.second
