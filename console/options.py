"""The options that commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from console.output import Format
from plan import names

DeploymentOption = Annotated[
    Path,
    typer.Option(
        "--deployment",
        envvar=names.DEPLOYMENT_VARIABLE,
        help="The deployment file: your choices.",
        metavar="FILE",
    ),
]
RegionOption = Annotated[
    list[str] | None,
    typer.Option("--region", help="Only this region; may be repeated.", metavar="REGION"),
]
OneRegionOption = Annotated[
    str | None,
    typer.Option(
        "--region", help="The region whose plan is used; else the first.", metavar="REGION"
    ),
]
FormatOption = Annotated[Format, typer.Option("--format", help="How stdout is written.")]

DEFAULT_DEPLOYMENT = Path(names.DEPLOYMENT_FILE)
