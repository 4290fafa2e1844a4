"""What the outcomes of all checks come to: each cause once, and whether the contract holds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from probe.endpoint_check import State
from workbench.contract.contract_checks import CheckOutcome

_UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_MESSAGE = re.compile(rf"(\w+_request )?{_UUID}", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Outcomes that one thing made, and what to do about it."""

    outcomes: Sequence[CheckOutcome]

    @property
    def reason(self) -> str:
        """Say what it is: in the words of its only outcome, or what several have in common."""
        first = self.outcomes[0].result
        return first.reason if len(self.outcomes) == 1 else first.cause or first.reason

    @property
    def next_step(self) -> str:
        """Say what to do."""
        return self.outcomes[0].result.next_step

    @property
    def places(self) -> str:
        """Name the checks, behind their endpoints: one line, however many there are."""
        checks: dict[str, list[str]] = {}
        for it in self.outcomes:
            checks.setdefault(f"{it.endpoint}: {it.transport}", []).append(it.check.name)
        return "; ".join(f"{where}: {', '.join(names)}" for where, names in checks.items())

    def __str__(self) -> str:
        """Say where, what, and what to do next."""
        return f"{self.places}: {self.reason}\nNext: {self.next_step}"


def causes(outcomes: Sequence[CheckOutcome], state: State) -> list[Cause]:
    """Group the outcomes of a state, in the order in which their causes first appeared."""
    groups: dict[tuple[str, str], list[CheckOutcome]] = {}
    for it in outcomes:
        if it.result.state is state:
            alike = (_alike(it.result.cause or it.result.reason), it.result.next_step)
            groups.setdefault(alike, []).append(it)
    return [Cause(outcomes=group) for group in groups.values()]


def _alike(reason: str) -> str:
    """Leave out which message it was."""
    return _MESSAGE.sub("a message", reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractVerdict:
    """Whether the contract holds, as far as it was checked.

    What was skipped is demanded, so without `allow_skips` nobody knows that the contract holds.
    """

    outcomes: Sequence[CheckOutcome]
    allow_skips: bool = False

    @property
    def failures(self) -> list[Cause]:
        """What breaks the contract."""
        return causes(self.outcomes, State.FAILED)

    @property
    def skips(self) -> list[Cause]:
        """What is demanded and was not checked."""
        return causes(self.outcomes, State.SKIPPED)

    @property
    def advice(self) -> list[Cause]:
        """What could be better without anybody demanding it."""
        return causes(self.outcomes, State.ADVICE)

    @property
    def holds(self) -> bool:
        """Whether nothing failed, and nothing that is demanded was left out."""
        return not self.failures and (self.allow_skips or not self.skips)

    @property
    def counts(self) -> str:
        """Say how many checks ended in which way."""
        counted = Counter(it.result.state for it in self.outcomes)
        return ", ".join(f"{counted[state]} {state}" for state in State if counted[state])

    def __str__(self) -> str:
        """Say it in a sentence."""
        if self.failures:
            return f"The contract does not hold: {self.counts}."
        skipped = sum(len(cause.outcomes) for cause in self.skips)
        if not skipped:
            return f"The contract holds: {self.counts}."
        told = "1 demanded check was" if skipped == 1 else f"{skipped} demanded checks were"
        beginning = "The contract holds as far as it was checked"
        if not self.allow_skips:
            beginning = "Nobody knows whether the contract holds"
        return f"{beginning}: {told} skipped ({self.counts})."
