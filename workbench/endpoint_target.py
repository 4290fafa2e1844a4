"""Where the endpoint is that a command of the author's calls, and the options that say so."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer


class EndpointTarget(StrEnum):
    """Where the endpoint is: in this process, on an embedded AWS of its own, or where it lives."""

    IN_PROCESS = "in-process"
    LOCAL = "local"
    DEPLOYED = "deployed"


TargetOption = Annotated[
    EndpointTarget,
    typer.Option("--target", help="Where: your class here, an embedded AWS, or what is live."),
]
UrlTokenOption = Annotated[
    str | None,
    typer.Option(
        "--token", help="With --url: the file with its token, - for stdin.", metavar="FILE|-"
    ),
]
