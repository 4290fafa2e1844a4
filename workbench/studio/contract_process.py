"""`python -m workbench.studio.contract_process FILE REGION`: the contract, a JSON line a check."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from console.exit_codes import CommandError
from console.output import say
from console.planned_regions import planned_one
from plan.problems import DeploymentError
from workbench.contract.contract_checks import CHECKS, CheckOutcome, run
from workbench.contract.stage_in_process import stage_in_process


def main(deployment: str, region: str) -> int:
    """Run every check in this process, in a region's plan; give the exit code."""
    out = sys.stdout
    try:
        plan = planned_one(Path(deployment), region)
        with stage_in_process(plan, entered={}) as stage:
            for number, outcome in enumerate(run(CHECKS, stage), start=1):
                record = _record(outcome) | {"number": number, "of": len(CHECKS)}
                out.write(f"{json.dumps(record)}\n")
                out.flush()
    except (CommandError, DeploymentError) as error:
        say(str(error))
        return 1
    return 0


def _record(outcome: CheckOutcome) -> dict[str, object]:
    return {
        "check": outcome.check.name,
        "demand": outcome.check.demand,
        "source": outcome.check.source,
        "state": outcome.result.state.value,
        "reason": outcome.result.reason,
        "cause": outcome.result.cause or outcome.result.reason,
        "next": outcome.result.next_step,
        "ms": round(outcome.milliseconds, 1),
    }


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
