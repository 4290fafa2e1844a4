"""What somebody has to do about a region now, and how urgent each thing is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from console.marks import Mark
from ops.live.region import LiveRegion


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """One thing: which region it is about, what is wrong, how bad it is, what to do."""

    region: str
    text: str
    mark: Mark
    next_step: str

    def __str__(self) -> str:
        return f"{self.mark} {self.region}: {self.text}\nNext: {self.next_step}"


def read_now(live: LiveRegion) -> LiveRegion:
    """Read all that is judged here or shown, so that what fails fails for its region alone."""
    _ = (live.functions, live.function_differences, live.depths, live.ringing, live.metrics)
    return live


def concerns_of(live: LiveRegion) -> Iterator[Concern]:
    """Find everything of one region, the worst first."""
    region = live.plan.region
    for difference in live.function_differences:
        yield Concern(
            region=region, text=difference.text, mark=Mark.BAD, next_step=difference.next_step
        )
    for alarm in sorted(live.ringing, key=lambda it: not it.is_page):
        yield Concern(
            region=region,
            text=f"{alarm.name} rings since {alarm.since}: {alarm.text}",
            mark=Mark.BAD if alarm.is_page else Mark.ATTENTION,
            next_step=f"firehose logs --region {region}",
        )
    if live.metrics.held_back:
        yield Concern(
            region=region,
            text=f"{live.metrics.held_back} messages were held back in a quarter of an hour,"
            " because your API failed: the circuit is or was open",
            mark=Mark.ATTENTION,
            next_step=f"mend the API; firehose logs --region {region} says how it fails",
        )
    if live.depths and live.depths.dead:
        yield Concern(
            region=region,
            text=f"{live.depths.dead} messages could not be delivered",
            mark=Mark.ATTENTION,
            next_step=f"firehose redrive --region {region} --dry-run",
        )


def worst(concerns: Sequence[Concern]) -> Mark:
    """Sum a region up in one mark."""
    marks = {it.mark for it in concerns}
    return next((it for it in (Mark.BAD, Mark.ATTENTION) if it in marks), Mark.GOOD)
