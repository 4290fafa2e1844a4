"""`firehose token keygen`: the OpenPGP key that mParticle encrypts the token to."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from cloud.regions import aws_failures, session_in
from console.exit_codes import CommandError
from console.options import DEFAULT_DEPLOYMENT, DeploymentOption
from console.output import say
from ops.tokens.storing import key_region
from plan.names import token_key_name


def keygen(
    *,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    email: Annotated[
        str | None, typer.Option(help="Address in the key, for programs that look for one.")
    ] = None,
    rsa: Annotated[
        bool, typer.Option("--rsa", help="RSA, for old PGP programs; takes some seconds.")
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Make another key though there is one.")
    ] = False,
) -> None:
    """Print the public key to send to mParticle, and make the key if there is none yet.

    The private half goes from memory to Secrets Manager, in the first region that has a URL; it is
    never shown or written to disk. After --replace, messages to the key before can still be read.

    Example: firehose token keygen > build/token-key.asc
    """
    from ops.tokens.key import make_key, public_key  # noqa: PLC0415 - imports OpenPGP

    first = key_region(deployment)
    name, where = first.name, first.region
    secret = token_key_name(name)
    with aws_failures(where):
        session = session_in(where)
        known = public_key(session, secret)
        if known is None or replace:
            say(f"{where}: making a key; its private half is stored as {secret} …")
            owner = f"{name} mParticle Firehose" + (f" <{email}>" if email else "")
            make_key(session, secret, user_id=owner, rsa=rsa, replace=known is not None)
            known = public_key(session, secret)
        elif rsa or email:
            raise CommandError(
                f"{where}: {secret} holds a key since {known.stored}",
                next_step="leave the options out to print it, or add --replace",
            )
    if known is None:
        raise CommandError(
            f"{where}: {secret} was stored and is gone again",
            next_step="ask who deletes secrets there, then run it again",
        )
    sys.stdout.write(f"{known.armored.strip()}\n")
    say(f"Fingerprint {known.fingerprint}, in {where} since {known.stored}.")
    say("Next: send mParticle the key above; when its message comes, firehose token import FILE")
