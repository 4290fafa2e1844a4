"""What is proven of an integration after each change: programs that run at the same time."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from console.exit_codes import CommandError, UsageError
from console.interruption import unwound_by_sigterm
from plan.deployment import load
from plan.function import package_of
from plan.names import DEPLOYMENT_VARIABLE
from probe.remedies import Need
from workbench.child_processes import ChildProcesses
from workbench.contract.contract_checks import CHECKS

_FIREHOSE = (sys.executable, "-m", "cli")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A program that proves one thing; `again` is the command that a person repeats it with."""

    name: str
    command: Sequence[str]
    again: str
    sums_up: bool = False
    """Whether its last line says how it went, also when it went well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofOutcome:
    """How a proof ended: all that it wrote, and the line in which it sums up."""

    proof: Proof
    holds: bool
    seconds: float
    output: str

    @property
    def summary(self) -> str:
        """The last line that says something, where it is worth a row's room."""
        if self.holds and not self.proof.sums_up:
            return ""
        lines = [line.strip(" =") for line in self.output.splitlines() if line.strip(" =")]
        return lines[-1] if lines else ""


def proofs_of(deployment: Path, *, assembly: Path) -> list[Proof]:
    """List the proofs of the integration that a deployment file names.

    `assembly` is where the templates go. Raises `UsageError` when the file
    deploys another artifact, or the integration has no tests.
    """
    code = load(deployment).code
    if not code.is_ours:
        raise UsageError(
            f"{deployment} deploys {code.path}, which has no tests here",
            next_step="firehose contract (--target local, but for a jar), and cdk synth",
        )
    tests = Path("tests", package_of(code.integration))
    if not tests.is_dir():
        raise UsageError(
            f"{tests}, the tests of {code.integration}, is not there",
            next_step=f"firehose new writes it; at least {tests}/golden with a message",
        )
    return [
        Proof(
            name="contract",
            command=(*_FIREHOSE, "contract", "--format", "markdown", *_untimed()),
            again="firehose contract",
            sums_up=True,
        ),
        Proof(
            name="templates",
            command=("cdk", "synth", "--quiet", "--no-notices", "--output", str(assembly)),
            again="cdk synth --quiet",
        ),
        Proof(
            name="tests and golden messages",
            command=(sys.executable, "-m", "pytest", "-q", str(tests)),
            again=f"pytest {tests}",
            sums_up=True,
        ),
        Proof(
            name="registration",
            command=(*_FIREHOSE, "registration", "--findings", "--format", "markdown"),
            again="firehose registration --findings",
        ),
    ]


def _untimed() -> list[str]:
    """Choose the checks whose outcome the proofs beside them do not change."""
    return [
        argument
        for check in CHECKS
        if Need.TIMES not in check.needs
        for argument in ("--check", check.name)
    ]


def run_proofs(proofs: Sequence[Proof], deployment: Path) -> list[ProofOutcome]:
    """Run them, as many at a time as there are processors; give the outcomes in their order.

    Whatever ends this, such as Ctrl-C or SIGTERM, ends them with all that they have started.
    """
    beside = Path(sys.executable).parent  # where `cdk` and what it calls are, activated or not
    environment = {
        **os.environ,
        DEPLOYMENT_VARIABLE: str(deployment),
        "PATH": f"{beside}{os.pathsep}{os.environ.get('PATH', '')}",
    }
    children = ChildProcesses()
    with unwound_by_sigterm(), ThreadPoolExecutor(max(2, os.cpu_count() or 1)) as pool:
        try:
            return list(pool.map(lambda proof: _run(proof, environment, children), proofs))
        finally:
            children.end()


def _run(proof: Proof, environment: Mapping[str, str], children: ChildProcesses) -> ProofOutcome:
    begun = time.monotonic()
    try:
        with children.running(proof.command, environment, stderr=subprocess.STDOUT) as process:
            output, _ = process.communicate()
    except FileNotFoundError:
        raise CommandError(
            f"{proof.command[0]} is not there", next_step="make setup, then . .venv/bin/activate"
        ) from None
    return ProofOutcome(
        proof=proof,
        holds=process.returncode == 0,
        seconds=time.monotonic() - begun,
        output=output.decode(errors="replace"),
    )
