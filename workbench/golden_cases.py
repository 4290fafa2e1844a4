"""Golden cases: a message, and the calls and the response that should come of it.

`NAME.json` is the message, `NAME.golden.json` beside it what should come of it. The answers in the
golden file are what the stand-in service answers the calls, in their order.
"""

from __future__ import annotations

import difflib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from console.whole_file import write_whole
from local.service_calls import Behaviour, in_turn
from plan.region_plan import RegionPlan
from workbench.golden_files import GOLDEN_ENDING
from workbench.masking import Mask
from workbench.pace import REPEATABLE
from workbench.trial import Trial, TrialRunner
from workbench.trial_records import call_of, outcome_of
from workbench.trial_stage import stage

VARIES = "<varies>"
"""In a golden file, in place of a value that differs each time; an update keeps it."""


class UnreadableGolden(Exception):  # noqa: N818 - its name is what a test report says
    """A golden file is no golden file; names the place."""


@dataclass(frozen=True, slots=True)
class GoldenCase:
    """A case by its message file."""

    message: Path

    @property
    def golden(self) -> Path:
        """The file that says what should come of the message."""
        return self.message.with_name(f"{self.message.stem}{GOLDEN_ENDING}")

    @property
    def promised_status(self) -> int | None:
        """The status that the name promises, such as `events-429`; none where it promises none."""
        found = re.search(r"-([2-5]\d\d)$", self.message.stem)
        return int(found.group(1)) if found else None

    def expected(self) -> dict[str, Any] | None:
        """Read what should come of it; none if that was never written.

        Raises `UnreadableGolden`.
        """
        try:
            content = json.loads(self.golden.read_bytes())
            answers(content)
        except FileNotFoundError:
            return None
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            reason = f"{type(error).__name__}: {error}"
            raise UnreadableGolden(f"{self.golden} cannot be read: {reason}") from None
        return dict(content)

    def write(self, content: dict[str, Any]) -> None:
        """Put what came of it in place of what was expected."""
        write_whole(self.golden, pretty(content))


def golden_of(trial: Trial) -> dict[str, Any]:
    """Give what a golden file keeps of a trial; credentials by name, identities as they are.

    The identities of a golden case are test data, which the message beside it shows as well.
    """
    mask = Mask(trial.request, identities=True)
    content: dict[str, Any] = {"calls": [call_of(it, mask) for it in trial.exchanges]}
    content |= outcome_of(trial, mask)
    if trial.overflowed:
        content["overflowed"] = trial.overflowed
    if trial.worker:
        content["worker"] = trial.worker.outcome
    return content


def keeps_promise(case: GoldenCase, came: dict[str, Any]) -> bool:
    """Whether a call was answered with the status that the case is named after."""
    statuses = [call["answer"].get("status") for call in came["calls"]]
    return case.promised_status is None or case.promised_status in statuses


def answers(expected: dict[str, Any] | None) -> list[Behaviour]:
    """Read the answers of a golden file; none without a file."""
    return [] if expected is None else [_answer(call["answer"]) for call in expected["calls"]]


def run_case(case: GoldenCase, plan: RegionPlan, expected: dict[str, Any] | None) -> Trial:
    """Run a case against a service that answers as its golden file says.

    Without a file everything is answered with the status that the case is named after, or 200.
    """
    named = [Behaviour(status=case.promised_status)] if case.promised_status else []
    service = in_turn(named if expected is None else answers(expected))
    with stage(plan, service=service, pace=REPEATABLE) as runner:
        return TrialRunner(runner).run(case.message.stem, case.message.read_bytes())


def kept_varying(expected: Any, actual: Any) -> Any:
    """Put `<varies>` into what came, wherever it is expected."""
    if expected == VARIES:
        return VARIES
    if isinstance(expected, dict) and isinstance(actual, dict):
        return {name: kept_varying(expected.get(name), value) for name, value in actual.items()}
    if isinstance(expected, list) and isinstance(actual, list):
        pairs = [*expected, *([None] * (len(actual) - len(expected)))]
        return [kept_varying(*pair) for pair in zip(pairs, actual, strict=False)]
    return actual


def difference(expected: dict[str, Any], actual: dict[str, Any]) -> str:
    """Show line by line what came otherwise than expected; empty where nothing did."""
    lines = difflib.unified_diff(
        pretty(expected).splitlines(),
        pretty(actual).splitlines(),
        "expected",
        "came",
        lineterm="",
    )
    return "\n".join(lines)


def pretty(content: dict[str, Any]) -> str:
    """Write JSON for people."""
    return f"{json.dumps(content, indent=2, ensure_ascii=False)}\n"


def _answer(content: dict[str, Any]) -> Behaviour:
    """Read an answer; its body may be JSON or text."""
    body = content.get("body", "")
    return Behaviour(
        status=content.get("status", 200),
        retry_after=content.get("retry_after"),
        body=(body if isinstance(body, str) else json.dumps(body)).encode(),
        resets=content.get("resets", False),
    )
