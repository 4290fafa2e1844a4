"""The CDK CLI: synthesizing once, deploying one region's stack, its words kept in a log.

It gets the environment of this process. `folder` is where the assembly and the logs go. The build
command of `cdk.json` runs with the synthesis alone: what follows takes the assembly as it is.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

from console.exit_codes import CommandError
from plan.names import DEPLOYMENT_VARIABLE
from plan.region_plan import RegionPlan

_LAST_LINES = 15
_COUNTED = re.compile(r"\|\s*(\d+)/(\d+)\s*\|")
"""In a line of progress, how many of a stack's resources are done."""


def synthesize(deployment: Path, *, folder: Path) -> None:
    """Build the package and every template of a deployment file.

    Raises `CommandError` with the CLI's last words.
    """
    environment = {**os.environ, DEPLOYMENT_VARIABLE: str(deployment)}
    arguments = ["synth", "--quiet", "--output", _assembly(folder)]
    _run(arguments, name="synth", folder=folder, environment=environment)


def bootstrap(plan: RegionPlan, *, account: str, folder: Path) -> None:
    """Make what the CDK needs in a region. Raises as `synthesize` does."""
    arguments = ["bootstrap", f"aws://{account}/{plan.region}", *_from_assembly(folder)]
    _run(arguments, name=f"bootstrap-{plan.region}", folder=folder, environment=os.environ)


def deploy(
    plan: RegionPlan, *, folder: Path, report: Callable[[int, int], None] | None = None
) -> None:
    """Deploy a region's stack from what was synthesized. Raises as `synthesize` does.

    `report` is told how many of how many resources are done.
    """
    arguments = ["deploy", plan.stack_name, *_from_assembly(folder), "--exclusively"]
    arguments += ["--require-approval", "never", "--progress", "events"]

    def hear(line: str) -> None:
        counted = _COUNTED.search(line)
        if report and counted:
            report(int(counted[1]), int(counted[2]))

    _run(arguments, name=plan.region, folder=folder, environment=os.environ, hear=hear)


def diff(plan: RegionPlan, *, folder: Path) -> str:
    """Compare what was synthesized with a region's stack, and give the CLI's words.

    Templates are compared, so nothing is made at AWS. Raises as `synthesize` does.
    """
    arguments = ["diff", plan.stack_name, *_from_assembly(folder), "--exclusively"]
    arguments += ["--method", "template", "--no-color"]
    name = f"diff-{plan.region}"
    _run(arguments, name=name, folder=folder, environment=os.environ)
    return _log(folder, name).read_text("utf-8")


def _assembly(folder: Path) -> str:
    return str(folder / "cdk.out")


def _log(folder: Path, name: str) -> Path:
    return folder / "deploy" / f"{name}.log"


def _from_assembly(folder: Path) -> list[str]:
    return ["--app", _assembly(folder), "--build", ""]


def _run(
    arguments: list[str],
    *,
    name: str,
    folder: Path,
    environment: Mapping[str, str],
    hear: Callable[[str], None] = lambda _: None,
) -> None:
    log = _log(folder, name)
    log.parent.mkdir(parents=True, exist_ok=True)
    try:
        # in a group of its own: Ctrl-C ends the order of regions, not a stack half-way
        with (
            log.open("w", encoding="utf-8") as output,
            subprocess.Popen(  # noqa: S603 - the CLI that `make setup` installs
                ["cdk", *arguments, "--no-notices"],  # noqa: S607 - found as `cdk` at a shell is
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                process_group=0,
                env=environment,
                encoding="utf-8",
                errors="replace",
            ) as process,
        ):
            for line in process.stdout or ():
                output.write(line)
                output.flush()  # whoever reads along wants each line at once
                hear(line)
        code = process.returncode
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
