"""What keeps a saved proof from speaking for what is live: the gaps of a hand-off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

FRESH = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One thing that is not proven; `region` is none where it is about the whole hand-off."""

    region: str | None
    text: str

    def __str__(self) -> str:
        return f"{self.region}: {self.text}" if self.region else self.text


def find_gaps(
    proof: Mapping[str, Any],
    *,
    name: str,
    live: Mapping[str, Mapping[str, Any]],
    errors: int,
    now: datetime,
) -> list[Gap]:
    """Compare a proof with what is live, by region; `errors` are those of the registration."""
    if proof["deployment"] != name:
        return [Gap(region=None, text=f"The proof is of {proof['deployment']}, not of {name}.")]
    gaps = []
    age = now - datetime.fromisoformat(proof["made_at"])
    if age > FRESH:
        gaps.append(Gap(region=None, text=f"The proof is {_days(age)} old."))
    if errors:
        objects = "an error" if errors == 1 else f"{errors} errors"
        gaps.append(Gap(region=None, text=f"The registration has {objects} by mParticle's rules."))
    proven = {region["region"]: region for region in proof["regions"]}
    for region, extras in live.items():
        texts = _of_region(proven.get(region), extras)
        gaps += [Gap(region=region, text=text) for text in texts]
    return gaps


def _of_region(proven: Mapping[str, Any] | None, live: Mapping[str, Any]) -> Iterator[str]:
    if proven is None:
        yield "nothing is proven here."
        return
    if proven["versions"] != live["versions"]:
        yield "other code runs now than was proven."
    if proven["differences"] or any(check["problem"] for check in proven["checks"]):
        yield "the proof shows problems."
    if not proven["latency"]:
        yield "no answer times were measured."
    for measured in proven["latency"]:
        if measured["conclusion"] != "pass":
            yield f"answer times over {measured['transport']}: {measured['conclusion']}."


def _days(age: timedelta) -> str:
    return "a day" if age.days == 1 else f"{age.days} days"
