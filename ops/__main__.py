"""The `firehose` command: every operator command, its exit code and its last words."""

from __future__ import annotations

import sys
from typing import Any, NoReturn

import typer
from typer.core import TyperGroup

from ops.console.exit_codes import CommandError, ExitCode
from ops.console.output import say
from ops.contract import command as contract
from ops.handoff import command as handoff
from ops.handoff import registration
from ops.local import command as local
from ops.oncall import logs, redrive, status
from ops.planning import plan_command
from ops.proof import verify
from ops.readiness import preflight, quota
from ops.release import build, deploy, destroy, drift, rollback
from ops.samples import command as samples
from ops.tokens import command as token
from ops.workbench import new_command, serve_command, try_command
from plan.problems import DeploymentError


class _Firehose(TyperGroup):
    """Every command; Ctrl-C in one that does not handle it ends with a word and its exit code."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            say("Stopped before it was done.\nNext: run it again")
            raise typer.Exit(ExitCode.INTERRUPTED) from None


cli = typer.Typer(
    name="firehose",
    cls=_Firehose,
    help="Plan, build, prove and hand over an mParticle Firehose endpoint in every region.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
cli.command()(plan_command.plan)
cli.command()(build.build)
cli.command()(preflight.preflight)
cli.add_typer(quota.commands, name="quota")
cli.command()(deploy.deploy)
cli.command()(new_command.new)
cli.command("try")(try_command.try_messages)
cli.command()(serve_command.serve)
cli.command()(verify.verify)
cli.command()(contract.contract)
cli.command()(samples.sample)
cli.command()(handoff.handoff)
cli.command()(registration.registration)
cli.add_typer(token.commands, name="token")
cli.command()(status.status)
cli.command()(rollback.rollback)
cli.command()(redrive.redrive)
cli.command()(logs.logs)
cli.command()(drift.drift)
cli.command()(destroy.destroy)
cli.add_typer(local.commands, name="local")


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
    sys.exit(ExitCode.FINE)


if __name__ == "__main__":
    main()
