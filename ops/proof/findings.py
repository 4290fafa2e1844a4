"""What `firehose verify` found in one region: what is wrong with it, else the proof of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from ops.proof.latency_check import Measured
from ops.proof.proof_file import AnswersProof, ConcurrencyProof, LatencyProof, ProvenAnswer
from ops.proof.subject import ProofSubject
from ops.proof.verdicts import Verdict
from plan.region_plan import RegionPlan
from probe.deployed_stages import LIMITS_MS
from probe.load_schedule import LoadSchedule


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """The answers of a region, and where it is not as planned."""

    plan: RegionPlan
    subject: ProofSubject
    verdicts: Sequence[Verdict]
    differences: Sequence[str]

    @property
    def problems(self) -> list[str]:
        """What keeps it from being a proof, each with its next step."""
        wrong = [
            f"{self.plan.region}: {it.message}: {it.problem}"
            f"\nNext: read the function's log for the id {it.id}, mend the integration,"
            " deploy again"
            for it in self.verdicts
            if it.problem
        ]
        return [*wrong, *self.differences]

    def proof(self) -> AnswersProof:
        """Give what is saved of it."""
        return AnswersProof(
            region=self.plan.region,
            made_at=_now(),
            subject=self.subject,
            answers=[
                ProvenAnswer(
                    transport=it.transport,
                    message=it.message,
                    id=it.id,
                    milliseconds=round(it.answer.milliseconds, 1),
                    limit_ms=LIMITS_MS[it.transport],
                    advice=it.advice,
                )
                for it in self.verdicts
            ],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """The answer times of a region's endpoints under load."""

    plan: RegionPlan
    schedule: LoadSchedule
    subject: ProofSubject
    loads: Sequence[Measured]

    @property
    def problems(self) -> list[str]:
        """What keeps it from being a proof, each with its next step."""
        return [
            f"{self.plan.region}: {one.transport}:"
            f" {'ramp' if self.schedule.is_ramp else one.summary.conclusion}: {one.next_step}"
            for one in self.loads
            if one.next_step
        ]

    def proof(self) -> LatencyProof | ConcurrencyProof:
        """Give what is saved of it."""
        kind = ConcurrencyProof if self.schedule.is_ramp else LatencyProof
        return kind(
            region=self.plan.region,
            made_at=_now(),
            subject=self.subject,
            loads=[one.proven() for one in self.loads],
        )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
