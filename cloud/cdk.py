"""The CDK CLI: synthesizing once, deploying one region's stack, its words kept in a log.

It gets the environment of this process. `folder` is where the assembly and the logs go.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from console.exit_codes import CommandError
from plan.names import DEPLOYMENT_VARIABLE
from plan.region_plan import RegionPlan

_LAST_LINES = 15


def synthesize(deployment: Path, *, folder: Path) -> None:
    """Build the package and every template of a deployment file.

    Raises `CommandError` with the CLI's last words.
    """
    environment = {**os.environ, DEPLOYMENT_VARIABLE: str(deployment)}
    arguments = ["synth", "--quiet", "--output", _assembly(folder)]
    _run(arguments, name="synth", folder=folder, environment=environment)


def bootstrap(plan: RegionPlan, *, account: str, folder: Path) -> None:
    """Make what the CDK needs in a region. Raises as `synthesize` does."""
    arguments = ["bootstrap", f"aws://{account}/{plan.region}", "--app", _assembly(folder)]
    _run(arguments, name=f"bootstrap-{plan.region}", folder=folder, environment=os.environ)


def deploy(plan: RegionPlan, *, folder: Path) -> None:
    """Deploy a region's stack from what was synthesized. Raises as `synthesize` does."""
    arguments = ["deploy", plan.stack_name, "--app", _assembly(folder), "--exclusively"]
    arguments += ["--require-approval", "never"]
    _run(arguments, name=plan.region, folder=folder, environment=os.environ)


def _assembly(folder: Path) -> str:
    return str(folder / "cdk.out")


def _run(arguments: list[str], *, name: str, folder: Path, environment: Mapping[str, str]) -> None:
    logs = folder / "deploy"
    logs.mkdir(parents=True, exist_ok=True)
    log = logs / f"{name}.log"
    try:
        with log.open("wb") as output:
            # in a group of its own: Ctrl-C ends the order of regions, not a stack half-way
            code = subprocess.run(  # noqa: S603 - the CLI that `make setup` installs
                ["cdk", *arguments, "--no-notices"],  # noqa: S607 - found as `cdk` at a shell is
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                process_group=0,
                env=environment,
                check=False,
            ).returncode
    except FileNotFoundError:
        raise CommandError(
            "The CDK CLI is not there", next_step="make setup, then . .venv/bin/activate"
        ) from None
    if code:
        words = log.read_text("utf-8", errors="replace").splitlines()[-_LAST_LINES:]
        raise CommandError(
            "\n".join([f"{name}: cdk {arguments[0]} failed:", *words]),
            next_step=f"read {log}, mend it, run it again",
        )
