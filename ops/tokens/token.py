"""`firehose token`: store the token that mParticle sent, where the HTTPS endpoints look for it."""

from __future__ import annotations

import sys
from getpass import getpass
from typing import TYPE_CHECKING

import typer

from ops.aws import in_every_region
from ops.console.exit_codes import CommandError, ExitCode
from ops.console.options import DEFAULT_DEPLOYMENT, DeploymentOption, RegionOption, planned
from ops.console.output import say
from ops.deployed.outputs import read_output
from plan.names import TOKEN_SECRET_OUTPUT
from plan.regions import RegionPlan

if TYPE_CHECKING:
    from boto3.session import Session


def token(
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    region: RegionOption = None,
) -> None:
    """Store the token of the HTTPS endpoints, read from standard input, in each region.

    The token before it stays valid until the next one is stored. Running endpoints take over a
    new one within a minute.

    Example: firehose token --region us-east-1 < token.txt
    """
    plan = [found for found in planned(deployment, region) if found.https]
    if not plan:
        raise CommandError(
            f"{deployment} plans no HTTPS endpoint",
            next_step='add "https" to transports, then cdk deploy',
            exit_code=ExitCode.USAGE,
        )
    value = (getpass("Token: ") if sys.stdin.isatty() else sys.stdin.read()).strip()
    if not value or any(character.isspace() or character == "," for character in value):
        raise CommandError(
            "standard input holds no token: nothing, or more than one word",
            next_step="pass the token alone, as mParticle sent it",
            exit_code=ExitCode.USAGE,
        )

    def store(session: Session, where: RegionPlan) -> str:
        secret = read_output(session, where, TOKEN_SECRET_OUTPUT)
        session.client("secretsmanager").put_secret_value(SecretId=secret, SecretString=value)
        return secret

    outcomes = in_every_region(plan, store)
    failures = [outcome for _, outcome in outcomes if isinstance(outcome, CommandError)]
    for where, outcome in outcomes:
        say(str(outcome) if isinstance(outcome, CommandError) else f"{where.region}: stored")
    if failures:
        raise typer.Exit(failures[0].exit_code)
