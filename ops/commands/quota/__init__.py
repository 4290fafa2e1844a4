"""`firehose quota`: what to ask AWS for in each region, asking it, and how that stands."""

from __future__ import annotations

import typer

from ops.commands.quota.recommend import recommend
from ops.commands.quota.request import request
from ops.commands.quota.status import status
from ops.commands.quota.text import text

commands = typer.Typer(help="What AWS allows, and asking for more.", no_args_is_help=True)
commands.command()(recommend)
commands.command()(request)
commands.command()(status)
commands.command()(text)
