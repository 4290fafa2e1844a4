"""`firehose build`: the Lambda package, made again only when something it is made of changed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from console.options import DEFAULT_DEPLOYMENT, DeploymentOption
from console.output import say
from ops.release.package import build_package
from plan.deployment import load
from plan.names import TARGET_VARIABLE
from plan.target import AWS, TARGETS, TargetName


def build(
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    target: Annotated[
        TargetName,
        typer.Option(envvar=TARGET_VARIABLE, help="Where it will run; local is the embedded AWS."),
    ] = AWS.name,
) -> None:
    """Make the Lambda package for the function's runtime and architecture, without Docker.

    `cdk synth` and `cdk deploy` call it, so that neither uses a stale package.

    Example: firehose build --target local
    """
    chosen = load(deployment)
    if not chosen.code.is_ours:
        say(f"Nothing to build: {chosen.code.path} is deployed as it is.")
        return
    to = TARGETS[target].built_for(deployment)
    outcome = build_package(
        Path(chosen.code.path),
        target=to,
        runtime=chosen.code.runtime,
        architecture=chosen.function.architecture,
        root=Path(),
    )
    say(f"{to.package}: {outcome}")
    if outcome == "built without bytecode":
        version = chosen.code.runtime.removeprefix("python")
        say(
            f"No Python {version} is on this machine to write it. Lambda then compiles the package "
            f"at every start, which makes a start half as long again.\n"
            f"Next: uv python install {version}, for the next build to use"
        )
