"""Plays the script and writes down what a person at the terminal sees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.local.transcript.script import SCRIPT, Part, Step
from tests.local.transcript.stable import Stable
from tests.local.transcript.stage import Stage, stage
from tests.pages import TRANSCRIPT

_INTRODUCTION = """\
# From preflight to hand-off

Every command of a partner's first weeks, with what it writes and, unless it is 0, its exit code.
`make transcript` plays it on the embedded AWS and writes this page; a test plays it again and
compares. Ids, moments, hashes and ports are fixed ones here, and answer times are those of a
machine that does nothing else.
[Operations](../../../docs/operations.md) says what each command does.

The account is a fresh one, which AWS grants more only when the script says so; `preflight` and
`quota` run as on AWS.
"""
_HANDED_OVER = """\
`handoff.html` of a run whose answer times were proven begins like this:

![The page: verdict, counts, endpoints to copy](../../../docs/handoff.png)
"""


class UnexpectedExitError(Exception):
    """A command ended otherwise than the script says; the message holds all that it wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """The transcript as Markdown, and the hand-off that was written on the way."""

    transcript: str
    handoff: dict[str, bytes]


def play() -> Played:
    """Play everything on an embedded AWS of its own; takes about a minute."""
    stable = Stable()
    with stage() as here:
        parts = [_part(part, here, stable) for part in SCRIPT]
        folder = here.folder / "build" / "handoff"
        handoff = {file.name: file.read_bytes() for file in folder.iterdir()}
    return Played(transcript="\n".join([_INTRODUCTION, *parts]), handoff=handoff)


def write(played: Played) -> None:
    TRANSCRIPT.write_text(played.transcript, encoding="utf-8")


def _part(part: Part, here: Stage, stable: Stable) -> str:
    blocks = [block for step in part.steps for block in _step(step, here, stable)]
    if part.shows_handoff:
        blocks.append(_HANDED_OVER)
    return "\n".join([f"## {part.heading}\n", *blocks])


def _step(step: Step, here: Stage, stable: Stable) -> Iterator[str]:
    if step.meanwhile:
        step.meanwhile(here)
    output, code = here.run(step.command, on_real_aws=step.on_real_aws, columns=step.columns)
    if code != step.exit_code:
        raise UnexpectedExitError(f"$ {step.command}\n{output}\nexit code {code}")
    if step.words:
        yield f"{step.words}\n"
    shown = "" if step.quiet else stable(output, hashes=here.hashes()).strip("\n")
    yield f"```console\n$ {step.command}\n{shown}{chr(10) if shown else ''}```\n"
    if code:
        yield f"Exit code {code}.\n"
