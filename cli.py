"""The `firehose` command: the commands of both houses, each loaded when it is called."""

from __future__ import annotations

import ast
import errno
import importlib.metadata
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from console.exit_codes import CommandError, ExitCode
from console.output import say
from plan.problems import DeploymentError

DISTRIBUTION = "mparticle-firehose-deployment"

AUTHORS = (
    "new",
    "add",
    "test",
    "try",
    "serve",
    "studio",
    "play",
    "contract",
    "sample",
    "registration",
)
OPERATORS = (
    "plan",
    "build",
    "preflight",
    "quota",
    "deploy",
    "verify",
    "handoff",
    "token",
    "status",
    "rollback",
    "redrive",
    "tune",
    "logs",
    "drift",
    "destroy",
    "local",
)
MODULES = {name: f"workbench.commands.{name}" for name in AUTHORS} | {
    name: f"ops.commands.{name}" for name in OPERATORS
}
MODULES["try"] = "workbench.commands.try_"  # `try` is a keyword of Python


_UNWRITABLE = frozenset({errno.EACCES, errno.EROFS, errno.ENOSPC, errno.EDQUOT})
"""What a read-only or full disk answers; anything else that the system refuses is our mistake."""


class Firehose(TyperGroup):
    """Every command; Ctrl-C in one that does not handle it ends with a word and its exit code."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was named."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            say("Stopped before it was done.\nNext: run it again")
            raise typer.Exit(ExitCode.INTERRUPTED) from None

    def list_commands(self, ctx: Any) -> list[str]:
        """Give every name, an author's commands first."""
        return list(MODULES)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Import one command: a Typer app named `commands`, or a function named like the file."""
        if cmd_name in self.commands or cmd_name not in MODULES:
            return self.commands.get(cmd_name)
        module = import_module(MODULES[cmd_name])
        group = getattr(module, "commands", None)
        if group is None:
            group = typer.Typer(add_completion=False)
            group.command()(getattr(module, module.__name__.rpartition(".")[2]))
        command = get_command(group)
        command.name = cmd_name
        return command

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """List the commands by their first lines, importing none of them."""
        self.commands = {name: TyperCommand(name, help=_summary(name)) for name in MODULES}
        super().format_help(ctx, formatter)


def _summary(name: str) -> str:
    spec = find_spec(MODULES[name])
    tree = ast.parse(Path(str(spec.origin if spec else "")).read_text("utf-8"))
    text = (ast.get_docstring(tree) or "").partition("\n")[0]
    sentence = text.partition(": ")[2]
    return sentence[:1].upper() + sentence[1:]


cli = typer.Typer(
    name="firehose",
    cls=Firehose,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(*, asked: bool) -> None:
    if asked:
        sys.stdout.write(
            f"firehose {importlib.metadata.version('mparticle-firehose-deployment')}\n"
        )
        raise typer.Exit


@cli.callback()
def firehose(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Plan, build, prove and hand over an mParticle Firehose endpoint in every region."""


def main() -> NoReturn:
    """Run the command line; every expected failure ends in a sentence and its exit code."""
    try:
        cli()
    except CommandError as error:
        say(f"firehose: {error}")
        sys.exit(error.exit_code)
    except DeploymentError as error:
        say(f"firehose: {error}\nNext: mend the lines named above; deployment.schema.json helps.")
        sys.exit(ExitCode.USAGE)
    except OSError as error:
        if error.errno not in _UNWRITABLE:
            raise
        say(
            f"firehose: {error.filename or 'a file'} cannot be used: {error.strerror}"
            "\nNext: make room on the disk, and let the project's folder be read and written"
        )
        sys.exit(ExitCode.USAGE)
    sys.exit(ExitCode.FINE)


if __name__ == "__main__":
    main()
