"""What keeps a saved proof from speaking for what is live: the gaps of a hand-off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from ops.handoff.live_facts import LiveFacts
from ops.proof.proof_file import AnswersProof, LatencyProof, SavedProofs
from plan.mparticle import MINIMUM_CONCURRENCY

FRESH = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One thing that is not proven; `region` is none where it is about the whole hand-off."""

    region: str | None
    text: str

    def __str__(self) -> str:
        return f"{self.region}: {self.text}" if self.region else self.text


def find_gaps(
    saved: SavedProofs, *, name: str, live: Mapping[str, LiveFacts], errors: int, now: datetime
) -> list[Gap]:
    """Compare proofs with what is live, by region; `errors` are those of the registration."""
    if saved.deployment != name:
        return [Gap(region=None, text=f"The proof is of {saved.deployment}, not of {name}.")]
    gaps = []
    if errors:
        objects = "an error" if errors == 1 else f"{errors} errors"
        gaps.append(Gap(region=None, text=f"The registration has {objects} by mParticle's rules."))
    for region, facts in live.items():
        texts = [*_of_proofs(saved, region, facts, now), *_of_demands(facts)]
        gaps += [Gap(region=region, text=text) for text in dict.fromkeys(texts)]
    return gaps


def _of_proofs(saved: SavedProofs, region: str, facts: LiveFacts, now: datetime) -> Iterator[str]:
    if facts.subject.is_embedded:
        yield "this is the embedded AWS on one machine, no endpoint that mParticle can reach."
    answers, latency = saved.of(region, AnswersProof), saved.of(region, LatencyProof)
    if answers is None and latency is None:
        yield "nothing is proven here."
        return
    if answers is None:
        yield "no answers were proven."
    else:
        yield from _of_proof("answers were", answers, facts, now)
    if latency is None:
        yield "no answer times were measured."
        return
    yield from _of_proof("answer times were", latency, facts, now)
    measured = {it.transport: it.conclusion for it in latency.loads}
    for transport in facts.subject.endpoints:
        conclusion = measured.get(transport, "not measured")
        if conclusion != "pass":
            yield f"answer times over {transport}: {conclusion}."


def _of_proof(
    what: str, proof: AnswersProof | LatencyProof, facts: LiveFacts, now: datetime
) -> Iterator[str]:
    yield from facts.subject.differences_from(proof.subject)
    age = now - datetime.fromisoformat(proof.made_at)
    if age > FRESH:
        yield f"{what} proven {_days(age)} ago."


def _of_demands(facts: LiveFacts) -> Iterator[str]:
    """Say what mParticle demands of an endpoint and Lambda or the URL does not give now."""
    for function, most in facts.concurrency.items():
        if most < MINIMUM_CONCURRENCY:
            yield (
                f"Lambda lets {function} serve {most:,} calls at once;"
                f" mParticle demands {MINIMUM_CONCURRENCY:,}."
            )
    if facts.token and facts.token.stored is None:
        yield "no token of mParticle's is stored, so the URLs refuse its calls."
    elif facts.token and not facts.token.accepted:
        yield "the URL refuses the token that is stored."


def _days(age: timedelta) -> str:
    return "a day" if age.days == 1 else f"{age.days} days"
