"""`firehose new`: an integration of your own, with tests that pass at once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from console.options import DEFAULT_DEPLOYMENT, DeploymentOption, FormatOption
from console.output import Format, say, write
from plan.deployment import load
from workbench.renaming import new_name
from workbench.scaffold import chosen_in, scaffold, write_scaffold


def new(
    name: Annotated[str, typer.Argument(help="Name of the Python package to make.")],
    *,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the files and write nothing.")
    ] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Make an integration of your own from the shipped example, and choose it for deployment.

    Writes lambda_src/NAME, tests/NAME with golden messages of every type, and code.integration in
    the deployment file.

    Example: firehose new acme
    """
    chosen = new_name(name)
    load(deployment)  # so that a file with problems is told as one
    files = scaffold(Path(), chosen)
    choice = chosen_in(deployment, chosen)
    contents = {path: content for path, (_, content) in files.items()}
    if not dry_run:
        write_scaffold(Path(), chosen, contents, deployment=deployment, choice=choice)
    write(
        [{"file": str(file), "made_from": str(old)} for file, (old, _) in files.items()], form=form
    )
    integration = f"{chosen.package}:{chosen.class_name}"
    if dry_run:
        say(f"Nothing was written; {deployment} would get code.integration = {integration}.")
        return
    say(f"{deployment}: code.integration = {integration}")
    say(f"Next: edit lambda_src/{name}, then firehose try and pytest tests/{name}")
