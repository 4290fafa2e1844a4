"""What an alarm is: when it fires, how urgent it is, what it means and what to do about it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

MINUTE, QUARTER, HOUR = 60, 900, 3_600
RUNBOOK = "docs/runbook.md"


class Severity(StrEnum):
    """Whether somebody has to look now or within a working day."""

    PAGE = "PAGE"
    TICKET = "TICKET"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmRule:
    """When an alarm fires: `breaches` of the last `periods`, each of `period_seconds`.

    `unit` is that of the threshold, as a dashboard shows it. `missing` is what a period without
    data counts as.
    """

    title: str
    severity: Severity
    meaning: str
    action: str
    comparison: Literal["<", ">", ">="]
    threshold: float
    unit: str
    period_seconds: int = MINUTE
    # A gradual rollout of 5 minutes goes back only if the alarms fire within it.
    periods: int = 3
    breaches: int = 2
    missing: Literal["breaching", "notBreaching"] = "notBreaching"

    @property
    def name(self) -> str:
        """Id of the construct: the title's words in PascalCase."""
        return "".join(word.capitalize() for word in re.split(r"\W", self.title))

    @property
    def section(self) -> str:
        """Anchor of the runbook's section."""
        return re.sub(r"[^a-z0-9]+", "-", self.title.lower())

    @property
    def description(self) -> str:
        """What whoever is woken reads."""
        return f"{self.severity}. {self.meaning} {self.action} Runbook: {RUNBOOK}#{self.section}"
