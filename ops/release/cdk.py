"""The CDK CLI: synthesizing once, deploying one region's stack, its words kept in a log."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from ops.console.exit_codes import CommandError
from plan.names import DEPLOYMENT_VARIABLE
from plan.regions import RegionPlan

ASSEMBLY = Path("build/cdk.out")
_LOGS = Path("build/deploy")
_LAST_LINES = 15


def synthesize(deployment: Path) -> None:
    """Build the package and every template of a deployment file.

    Raises `CommandError` with the CLI's last words.
    """
    environment = {**os.environ, DEPLOYMENT_VARIABLE: str(deployment)}
    _run(["synth", "--quiet", "--output", str(ASSEMBLY)], "synth", environment)


def deploy(plan: RegionPlan) -> None:
    """Deploy a region's stack from what was synthesized. Raises as `synthesize` does."""
    command = ["deploy", plan.stack_name, "--app", str(ASSEMBLY), "--exclusively"]
    _run([*command, "--require-approval", "never"], plan.region, {**os.environ})


def _run(arguments: list[str], name: str, environment: dict[str, str]) -> None:
    _LOGS.mkdir(parents=True, exist_ok=True)
    log = _LOGS / f"{name}.log"
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
