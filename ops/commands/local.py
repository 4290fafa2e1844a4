"""`firehose local`: the embedded AWS, for one command or until it is told to stop."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from console.exit_codes import CommandError
from console.output import say
from console.whole_file import made_folder, write_whole
from local.embedded_aws import REAL_CREDENTIALS, EmbeddedAws, embedded_aws, start_detached

commands = typer.Typer(
    help="Run AWS on this machine: MiniStack, on loopback only.", no_args_is_help=True
)

_RUNNING = Path("build/embedded-aws.json")


@commands.command()
def up() -> None:
    """Start the embedded AWS and print the variables that point every tool at it.

    Example: eval "$(firehose local up)"
    """
    running = _running() or _started()
    for name, value in running.environment().items():
        sys.stdout.write(f"export {name}={shlex.quote(value)}\n")
    sys.stdout.write(f"unset {' '.join(REAL_CREDENTIALS)}\n")
    say(f"The embedded AWS answers at {running.url}. Stop it with `firehose local down`.")


@commands.command()
def down() -> None:
    """Stop the embedded AWS that `up` started, and everything in it.

    Example: firehose local down
    """
    running = _running()
    if running is None:
        say("No embedded AWS is running.")
        return
    running.stop()
    with suppress(OSError):  # what names an AWS that has ended is as good as nothing
        _RUNNING.unlink()
    say("The embedded AWS has stopped.")


@commands.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def run(command: Annotated[list[str], typer.Argument(metavar="-- CMD")]) -> None:
    """Run one command against a fresh embedded AWS, which ends with it.

    Example: firehose local run -- cdk deploy --all
    """
    with _ended_by_signals(), embedded_aws() as aws:
        code = _run(command, aws.within(os.environ))
    raise typer.Exit(code)


def _running() -> EmbeddedAws | None:
    """Read which embedded AWS `up` started, if it still answers."""
    try:
        state = json.loads(_RUNNING.read_text())
        aws = EmbeddedAws(port=state["port"], group=state["group"], scratch=Path(state["scratch"]))
    except (OSError, KeyError, TypeError, ValueError):
        return None
    return aws if aws.answers() else None


def _started() -> EmbeddedAws:
    """Start one that `down` finds: where nothing can say which one it is, none stays."""
    made_folder(_RUNNING.parent)
    aws = start_detached()
    try:
        write_whole(_RUNNING, json.dumps(asdict(aws) | {"scratch": str(aws.scratch)}))
    except BaseException:
        aws.stop()
        raise
    return aws


def _run(command: list[str], environment: dict[str, str]) -> int:
    """Run a command in a process group of its own, so that all of it can be ended, and end it."""
    try:
        process = subprocess.Popen(command, env=environment, process_group=0)  # noqa: S603 - the user's command
    except OSError as error:
        raise CommandError(
            f"{command[0]} cannot be run: {error.strerror}",
            next_step="check the command behind `--`",
        ) from None
    with _in_the_foreground(process.pid):
        try:
            code = process.wait()
        except BaseException:
            _end(process)
            raise
    return code if code >= 0 else 128 - code


def _end(process: subprocess.Popen[bytes]) -> None:
    for ending in (signal.SIGTERM, signal.SIGKILL):
        os.killpg(process.pid, ending)
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            continue
        break


@contextmanager
def _in_the_foreground(group: int) -> Iterator[None]:
    """Give the terminal, if there is one, to a process group, so that it may ask questions."""
    if not sys.stdin.isatty():
        yield
        return
    terminal = sys.stdin.fileno()
    before = signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    os.tcsetpgrp(terminal, group)
    try:
        yield
    finally:
        os.tcsetpgrp(terminal, os.getpgrp())
        signal.signal(signal.SIGTTOU, before)


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Turn the signals that end a process into an exception, so that what it started ends too."""

    def end(number: int, _frame: FrameType | None) -> None:
        say(f"Stopped by {signal.Signals(number).name}; the embedded AWS ends as well.")
        raise SystemExit(128 + number)

    endings = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {ending: signal.signal(ending, end) for ending in endings}
    try:
        yield
    finally:
        for ending, handler in before.items():
            signal.signal(ending, handler)
