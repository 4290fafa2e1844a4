"""`firehose add`: a package from PyPI for your integration, pinned here and in the function."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from cloud.wheels import REQUIREMENTS, platform_of
from console.exit_codes import UsageError
from console.options import DEFAULT_DEPLOYMENT, DeploymentOption, FormatOption
from console.output import Format, Record, say, write
from plan.deployment import Deployment, load
from plan.function import SOURCE_PACKAGE, package_of
from plan.quotas import LARGEST_PACKAGE_BYTES
from plan.target import AWS
from workbench.dependencies import WANTED, Resolution, keep, megabytes, resolve
from workbench.scaffold import EXAMPLE

LOCKS = (Path(SOURCE_PACKAGE, REQUIREMENTS), Path("requirements-dev.lock"))
"""What the product pins for the function and for this environment: it stays as it is."""


def add(
    packages: Annotated[
        list[str],
        typer.Argument(metavar="PACKAGE…", help="Names on PyPI, with or without versions."),
    ],
    *,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Resolve and measure; change nothing.")
    ] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Add packages to what your integration needs; nothing else is upgraded.

    Each is resolved together with the product's pins, hashed, checked for the function's platform,
    installed into .venv and written to requirements.in and .txt beside your code; `firehose build`
    installs it from there. Only wheels are taken, so no downloaded code runs to build one.

    Example: firehose add 'phonenumbers>=9'
    """
    chosen = load(deployment)
    integration = _folder(chosen, deployment)
    place = f"{chosen.code.runtime} on {chosen.function.architecture}"
    say(f"{integration}: resolving {', '.join(packages)} for {place} …")
    resolution = resolve(
        integration,
        packages,
        constraints=[lock for lock in LOCKS if lock.is_file()],
        platform=platform_of(AWS, chosen.code.runtime, chosen.function.architecture),
        python=_oldest(chosen.code.runtime),
    )
    write(_records(resolution), form=form)
    size = megabytes(resolution.package_bytes)
    say(f"The wheels of the Lambda package: {size} of {megabytes(LARGEST_PACKAGE_BYTES)} unzipped")
    if dry_run:
        say("Nothing was changed.")
        return
    say(f"Installing into {sys.prefix}, and writing {WANTED} and {REQUIREMENTS} …")
    keep(integration, resolution)
    say(f"Next: import it in {integration}, commit both files, and firehose test")


def _folder(chosen: Deployment, deployment: Path) -> Path:
    if not chosen.code.is_ours:
        raise UsageError(
            f"{deployment} deploys {chosen.code.path}, which brings its own packages",
            next_step="add it to what builds that artifact",
        )
    package = package_of(chosen.code.integration)
    folder = Path(SOURCE_PACKAGE, package)
    if package == EXAMPLE.package or not folder.is_dir():
        raise UsageError(
            f"{deployment} deploys {chosen.code.integration}, which is no package of your own",
            next_step="firehose new NAME",
        )
    return folder


def _oldest(runtime: str) -> str:
    """Give the older of this Python and the function's, for the pins are for both."""
    function = tuple(int(part) for part in runtime.removeprefix("python").split("."))
    return ".".join(map(str, min(function, sys.version_info[:2])))


def _records(resolution: Resolution) -> list[Record]:
    before, after = resolution.before, resolution.after
    return [
        {
            "package": name,
            "before": before.get(name),
            "now": after.get(name),
        }
        for name in sorted({*before, *after})
    ]
