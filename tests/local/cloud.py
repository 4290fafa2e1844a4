"""An AWS that tests run commands against."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from plan.mparticle import PODS
from plan.target import LOCAL
from tests.running import ROOT, Ran, Run

REGIONS = sorted({pod.region for pod in PODS.values()})

Result = subprocess.CompletedProcess[str] | Ran


@dataclass(frozen=True, slots=True, kw_only=True)
class Cloud:
    """An AWS to run commands against.

    `partner_url` is the service that the deployment delivers to, where it has one. `run_here` runs
    `firehose` in the test's process; without it, each command is a process of its own.
    """

    environment: Mapping[str, str]
    assembly: Path
    partner_url: str = ""
    run_here: Run | None = None

    def run(self, *command: str, given: str = "", **environment: str) -> Result:
        """Run a command in the project with its standard input, as somebody at a shell would."""
        variables = {**self.environment, **environment}
        if self.run_here and command[0] == "firehose":
            return self.run_here(*command[1:], environment=variables, given=given.encode())
        return subprocess.run(
            command,
            cwd=ROOT,
            env=variables,
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )

    def deploy(self) -> None:
        """Bootstrap three regions and deploy what `app.py` makes for them, with the CDK CLI."""
        environments = (f"aws://{LOCAL.account}/{region}" for region in REGIONS)
        # where there is no cdk.json, nothing is synthesized for it
        self._cdk(self.assembly, "bootstrap", *environments)
        everything = ("--all", "--concurrency", "3", "--require-approval", "never")
        self._cdk(ROOT, "deploy", *everything, "--output", str(self.assembly))

    def _cdk(self, folder: Path, *arguments: str) -> None:
        result = subprocess.run(
            ["cdk", *arguments, "--no-notices"],
            cwd=folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 0, result.stdout + result.stderr
