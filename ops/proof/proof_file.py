"""The proof that `firehose verify` saves and `firehose handoff` shows: what held, and when."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from console.exit_codes import CommandError, ExitCode
from console.whole_file import write_whole
from ops.live.region import LiveRegion
from ops.proof.latency_check import Measured
from ops.proof.verdicts import Verdict

FORMAT = 1
"""Of the file; another number is another shape."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionProof:
    """One region: what was live and how it did. `versions` is by function: number and code."""

    region: str
    pods: Sequence[str]
    versions: Mapping[str, str]
    verdicts: Sequence[Verdict]
    differences: Sequence[str]
    latency: Sequence[Measured]

    def with_latency(self, latency: Sequence[Measured]) -> RegionProof:
        """Add what was measured under load."""
        return replace(self, latency=latency)


def shown_versions(live: LiveRegion) -> dict[str, str]:
    """Say which code each endpoint of a region runs, so that proof of other code is stale."""
    return {it.name: f"{it.current.number} {it.current.code}" for it in live.endpoints}


def write_proof(file: Path, name: str, regions: Sequence[RegionProof]) -> None:
    """Save the proof of a deployment, whole or not at all; it holds no message and no answer."""
    file.parent.mkdir(parents=True, exist_ok=True)
    content = {
        "format": FORMAT,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "deployment": name,
        "regions": [_region(proof) for proof in regions],
    }
    write_whole(file, f"{json.dumps(content, indent=1)}\n")


def read_proof(file: Path) -> dict[str, Any]:
    """Read a saved proof. Raises `CommandError` when there is none or it is of another shape."""
    try:
        content: dict[str, Any] = json.loads(file.read_text("utf-8"))
        if content["format"] == FORMAT:
            return content
        reason = f"it has format {content['format']}, this is {FORMAT}"
    except (OSError, ValueError, KeyError, TypeError) as error:
        reason = error.strerror or "" if isinstance(error, OSError) else "it is no proof"
    raise CommandError(
        f"{file} cannot be used: {reason}",
        next_step="firehose verify --latency",
        exit_code=ExitCode.CHECK_FAILED,
    ) from None


def _region(proof: RegionProof) -> dict[str, Any]:
    return {
        "region": proof.region,
        "pods": list(proof.pods),
        "versions": dict(proof.versions),
        "checks": [
            {
                "transport": it.transport,
                "message": it.message,
                "id": it.id,
                "milliseconds": round(it.answer.milliseconds, 1),
                "problem": it.problem,
                "advice": it.advice,
            }
            for it in proof.verdicts
        ],
        "differences": list(proof.differences),
        "latency": [
            {
                "transport": it.transport,
                "rate": it.rate,
                "summary": asdict(it.summary),
                "conclusion": it.summary.conclusion,
                "calls": [
                    [call.due_seconds, round(call.milliseconds, 1), call.outcome, call.cold]
                    for call in it.calls
                ],
            }
            for it in proof.latency
        ],
    }
