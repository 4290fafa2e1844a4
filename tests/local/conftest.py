"""The embedded AWS with every region deployed by the ordinary CDK CLI, once for all tests."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from ops.embedded_aws import embedded_aws

ROOT = Path(__file__).parents[2]

Result = subprocess.CompletedProcess[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cloud:
    """An AWS to run commands against; `partly` is the hand-off when one region was deployed."""

    environment: Mapping[str, str]
    assembly: Path
    partly: Result | None = None

    def run(self, *command: str, **environment: str) -> Result:
        """Run a command in the project, as somebody at a shell there would."""
        return subprocess.run(
            command,
            cwd=ROOT,
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    def cdk(self, *arguments: str) -> Result:
        """Run the CDK CLI on the synthesized app; it has to succeed."""
        result = self.run("cdk", *arguments, "--app", str(self.assembly), "--no-notices")
        assert result.returncode == 0, result.stdout + result.stderr
        return result


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """Synthesize, bootstrap and deploy three regions: one on its own, then the others."""
    assembly = tmp_path_factory.mktemp("cdk.out")
    with embedded_aws() as aws:
        new = Cloud(environment={**os.environ, **aws.environment()}, assembly=assembly)
        synth = new.run("cdk", "synth", "--quiet", "--no-notices", "--output", str(assembly))
        assert synth.returncode == 0, synth.stdout + synth.stderr
        new.cdk("bootstrap")
        new.cdk("deploy", "acme-firehose-eu-central-1", "--require-approval", "never")
        partly = new.run("firehose", "handoff", "--format", "json")
        new.cdk("deploy", "--all", "--concurrency", "3", "--require-approval", "never")
        yield Cloud(environment=new.environment, assembly=assembly, partly=partly)
