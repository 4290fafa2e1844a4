"""Exit codes of every command, and the error that carries one."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What a script can tell from a command's end; 2 is typer's own for wrong usage."""

    FINE = 0
    CHECK_FAILED = 1
    USAGE = 2
    NO_CREDENTIALS = 3
    NOT_DEPLOYED = 4
    INTERRUPTED = 130


class CommandError(Exception):
    """A command cannot go on: what happened, what to do next, and the exit code."""

    def __init__(
        self, message: str, *, next_step: str, exit_code: ExitCode = ExitCode.CHECK_FAILED
    ) -> None:
        self.exit_code = exit_code
        super().__init__(f"{message}\nNext: {next_step}")


class UsageError(CommandError):
    """A command was given what it cannot use; the exit code is 2."""

    def __init__(self, message: str, *, next_step: str) -> None:
        super().__init__(message, next_step=next_step, exit_code=ExitCode.USAGE)
