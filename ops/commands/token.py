"""`firehose token`: every command about mParticle's token for the URLs."""

from __future__ import annotations

import typer

from ops.tokens.keygen import keygen
from ops.tokens.rotation import retire, rotate
from ops.tokens.status import status
from ops.tokens.storing import import_token, store_token

commands = typer.Typer(
    help="mParticle's token for the URLs: get it, store it, change it.", no_args_is_help=True
)
commands.command()(keygen)
commands.command("import")(import_token)
commands.command("store")(store_token)
commands.command()(rotate)
commands.command()(retire)
commands.command()(status)
