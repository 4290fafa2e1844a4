"""A check of something before or after a deployment: how it came out and what to do then."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from console.marks import Mark
from console.output import Format, Record


class ReadinessState(StrEnum):
    """How a check came out; the mark of each is what a table shows."""

    OK = "ok"
    ATTENTION = "attention"
    FAILED = "failed"

    @property
    def mark(self) -> Mark:
        """One character for a table."""
        return {"ok": Mark.GOOD, "attention": Mark.ATTENTION, "failed": Mark.BAD}[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadinessCheck:
    """One line: what was looked at, what was found, and the next step where it is not fine.

    `stops_deploy` is true where a deployment would fail, as opposed to one that mParticle would
    object to.
    """

    region: str
    name: str
    state: ReadinessState
    found: str
    next_step: str = ""
    stops_deploy: bool = False

    def record(self, form: Format) -> Record:
        """Give the row; a table gets the mark instead of the word."""
        return {
            "region": self.region,
            "check": self.name,
            "state": self.state.value if form is Format.JSON else self.state.mark,
            "found": self.found,
            "next": self.next_step or None,
        }

    def __str__(self) -> str:
        return f"{self.region}: {self.name}: {self.found}\nNext: {self.next_step}"
