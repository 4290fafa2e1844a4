"""A check of something before a deployment: how it came out and what to do then."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from console.marks import Mark
from console.output import Format, Record
from plan.region_plan import RegionPlan


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


def fine(plan: RegionPlan, name: str, found: str) -> ReadinessCheck:
    """Find that nothing is to be done about it."""
    return ReadinessCheck(region=plan.region, name=name, state=ReadinessState.OK, found=found)


def attention(plan: RegionPlan, name: str, found: str, next_step: str) -> ReadinessCheck:
    """Find what keeps nobody from deploying, and somebody should look at."""
    return ReadinessCheck(
        region=plan.region,
        name=name,
        state=ReadinessState.ATTENTION,
        found=found,
        next_step=next_step,
    )


def failed(
    plan: RegionPlan, name: str, found: str, next_step: str, *, stops_deploy: bool = True
) -> ReadinessCheck:
    """Find what has to be mended."""
    return ReadinessCheck(
        region=plan.region,
        name=name,
        state=ReadinessState.FAILED,
        found=found,
        next_step=next_step,
        stops_deploy=stops_deploy,
    )
