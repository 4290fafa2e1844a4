"""`firehose test`: everything that proves your integration, after each change."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from console.exit_codes import ExitCode
from console.options import DEFAULT_DEPLOYMENT, DeploymentOption, FormatOption
from console.output import Format, Record, say, write
from plan.function import SOURCE_PACKAGE
from workbench.inner_loop import ProofOutcome, proofs_of, run_proofs
from workbench.run_on_change import run_on_change


def test(
    *,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    watch: Annotated[
        bool, typer.Option("--watch", help="Run again when the code, tests or choices change.")
    ] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Prove your integration: its tests and golden messages, contract, registration, templates.

    They run at the same time, so answer times are not checked: firehose contract does that. The
    policy packs check the templates of every region. make test also runs the product's tests.

    Example: firehose test --watch
    """
    if watch:
        proofs_of(deployment, assembly=Path())  # so that wrong usage ends before the watch begins
        run_on_change([Path(SOURCE_PACKAGE), Path("tests"), deployment])
        return
    with tempfile.TemporaryDirectory(prefix="firehose-test-") as assembly:
        outcomes = run_proofs(proofs_of(deployment, assembly=Path(assembly)), deployment)
    _conclude(outcomes, form)


def _conclude(outcomes: Sequence[ProofOutcome], form: Format) -> None:
    broken = [outcome for outcome in outcomes if not outcome.holds]
    for outcome in broken:
        say(f"== {outcome.proof.name}\n{outcome.output.strip()}\n")
    write([_record(outcome) for outcome in outcomes], form=form)
    if broken:
        say(f"{len(broken)} of {len(outcomes)} fail: see above.")
        say(f"Next: mend it, then {' and '.join(it.proof.again for it in broken)}")
        raise typer.Exit(ExitCode.CHECK_FAILED)
    say("Everything holds.")


def _record(outcome: ProofOutcome) -> Record:
    return {
        "proof": outcome.proof.name,
        "holds": outcome.holds,
        "seconds": round(outcome.seconds, 1),
        "says": outcome.summary,
    }
