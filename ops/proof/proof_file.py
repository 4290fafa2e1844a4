"""The proof that `firehose verify` saves and `firehose handoff` shows: what held, when, of what.

Only what holds is saved. Each region has one proof of its answers, one of its answer times and one
of its concurrency; a later one takes the place of an earlier one of the same kind, and leaves the
others alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, TypeVar

import msgspec

from console.exit_codes import CommandError
from console.whole_file import made_folder, write_whole
from ops.proof.subject import ProofSubject
from plan.build_folder import build_folder
from plan.fields import TransportName
from probe.latency_summary import Conclusion, Summary
from probe.timed_calls import DrawnCall


class ProvenAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A message that was answered right; `limit_ms` is what mParticle demands of most answers."""

    transport: TransportName
    message: str
    id: str
    milliseconds: float
    limit_ms: int
    advice: str | None

    @property
    def is_in_time(self) -> bool:
        """Whether this one answer came within the limit."""
        return self.milliseconds <= self.limit_ms


class ProvenLoad(msgspec.Struct, frozen=True, kw_only=True):
    """One endpoint under load.

    `measured_from` says where the calls came from, `load` how many they were. `histogram` holds all
    answer times in microseconds, as HdrHistogram encodes them; `calls` are at most 2,000 of them.
    """

    transport: TransportName
    measured_from: str
    load: str
    most_at_once: int
    summary: Summary
    conclusion: Conclusion
    histogram: str
    calls: list[DrawnCall]


class RegionProof(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    """What is said of every kind: which region, when (ISO), what of it."""

    region: str
    made_at: str
    subject: ProofSubject


class AnswersProof(RegionProof, frozen=True, kw_only=True, tag="answers"):
    """The answers of one region's endpoints."""

    answers: list[ProvenAnswer]


class LatencyProof(RegionProof, frozen=True, kw_only=True, tag="latency"):
    """The answer times of one region's endpoints."""

    loads: list[ProvenLoad]


class ConcurrencyProof(RegionProof, frozen=True, kw_only=True, tag="concurrency"):
    """How many calls one region's endpoints served at once without a throttle, in a ramp."""

    loads: list[ProvenLoad]


Proof = AnswersProof | LatencyProof | ConcurrencyProof
P = TypeVar("P", bound=RegionProof)


class SavedProofs(msgspec.Struct, frozen=True, kw_only=True):
    """What the file holds of one deployment."""

    format: Literal[2] = 2
    deployment: str
    proofs: list[Proof] = []

    def of(self, region: str, kind: type[P]) -> P | None:
        """Give a region's proof of a kind; none where nothing of it was proven."""
        found = (it for it in self.proofs if isinstance(it, kind) and it.region == region)
        return next(found, None)

    def with_newer(self, proofs: Sequence[Proof]) -> SavedProofs:
        """Put proofs in the place of those of the same region and kind."""
        kept = {(it.region, type(it)): it for it in self.proofs}
        kept |= {(it.region, type(it)): it for it in proofs}
        return msgspec.structs.replace(self, proofs=list(kept.values()))


def proof_file(deployment: Path) -> Path:
    """Give where the proof of a deployment file is saved unless told otherwise."""
    return build_folder(deployment) / "proof.json"


def add_proofs(file: Path, deployment: str, proofs: Sequence[Proof]) -> None:
    """Save proofs beside those that the file has of the same deployment, whole or not at all.

    A file of another deployment or of an older shape is replaced.
    """
    try:
        saved = read_proofs(file)
    except CommandError:
        saved = SavedProofs(deployment=deployment)
    if saved.deployment != deployment:
        saved = SavedProofs(deployment=deployment)
    made_folder(file.parent)
    encoded = msgspec.json.encode(saved.with_newer(proofs))
    write_whole(file, msgspec.json.format(encoded, indent=1) + b"\n")


def read_proofs(file: Path) -> SavedProofs:
    """Read what was saved. Raises `CommandError` when there is none or it is of another shape."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=SavedProofs)
    except OSError as error:
        reason = error.strerror or ""
    except msgspec.MsgspecError:
        reason = "it is no proof of this version of firehose"
    raise CommandError(
        f"{file} cannot be used: {reason}", next_step="firehose verify --latency"
    ) from None
