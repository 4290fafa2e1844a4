"""`firehose token`: every command about mParticle's token for the URLs."""

from __future__ import annotations

import typer

from ops.commands.token.import_ import import_token
from ops.commands.token.keygen import keygen
from ops.commands.token.retire import retire
from ops.commands.token.rotate import rotate
from ops.commands.token.status import status
from ops.commands.token.store import store_token

commands = typer.Typer(
    help="mParticle's token for the URLs: get it, store it, change it.", no_args_is_help=True
)
commands.command()(keygen)
commands.command("import")(import_token)
commands.command("store")(store_token)
commands.command()(rotate)
commands.command()(retire)
commands.command()(status)
