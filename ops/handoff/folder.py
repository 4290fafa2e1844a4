"""The folder that mParticle is sent: handoff.json, handoff.md and handoff.html, with the proof."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from console.output import Record
from console.whole_file import made_folder, write_whole
from firehose import Finding, InvalidMessage, ModuleRegistrationResponse, check_registration, decode
from ops.handoff.gaps import Gap
from ops.handoff.handoff_page import page
from ops.handoff.live_facts import LiveFacts
from ops.handoff.text import text
from ops.proof.proof_file import (
    AnswersProof,
    ConcurrencyProof,
    LatencyProof,
    ProvenAnswer,
    SavedProofs,
)
from probe.message_checks import MESSAGE_CHECKS

_DEMANDS = {check.name: check.demand for check in MESSAGE_CHECKS}


def registration_of(live: Mapping[str, LiveFacts]) -> Any:
    """Give the registration that the first region answers; none without a region."""
    return next((facts.registration for facts in live.values()), None)


def findings_of(registration: object) -> list[dict[str, Any]]:
    """Say what mParticle would object to in an answer to a registration request."""
    try:
        response = decode(json.dumps(registration).encode())
    except InvalidMessage as error:
        return [_unreadable(str(error))]
    if not isinstance(response, ModuleRegistrationResponse):
        return [_unreadable(f"the endpoint answered {response.type}, which is no registration")]
    return [msgspec.structs.asdict(finding) for finding in check_registration(response)]


def _unreadable(reason: str) -> dict[str, Any]:
    finding = Finding(id="-", severity="error", path="$", text=reason, source="the live endpoint")
    return msgspec.structs.asdict(finding)


def content_of(
    *,
    name: str,
    pods: Sequence[Record],
    saved: SavedProofs,
    live: Mapping[str, LiveFacts],
    gaps: Sequence[Gap],
    now: datetime,
) -> dict[str, Any]:
    """Put together what the folder says; handoff.json is this (docs/operations.md)."""
    registration = registration_of(live)
    proofs = [it for it in saved.proofs if it.region in live]
    return {
        "name": name,
        "made_at": now.isoformat(timespec="seconds"),
        "proven_at": min((it.made_at for it in proofs), default=None),
        "gaps": [asdict(gap) for gap in gaps],
        "pods": list(pods),
        "regions": [region_of(region, facts, saved) for region, facts in live.items()],
        "registration": registration,
        "findings": findings_of(registration),
    }


def region_of(region: str, facts: LiveFacts, saved: SavedProofs) -> dict[str, Any]:
    """Put together what it says about one region."""
    answers, latency = saved.of(region, AnswersProof), saved.of(region, LatencyProof)
    ramp = saved.of(region, ConcurrencyProof)
    is_current = ramp and not [*facts.subject.differences_from(ramp.subject)]
    content: dict[str, Any] = msgspec.to_builtins(
        {
            "region": region,
            "account": facts.subject.account,
            "embedded": facts.subject.is_embedded,
            "endpoints": facts.subject.endpoints,
            "concurrency": dict(facts.concurrency),
            "token": facts.token,
            "checks": [_check(it) for it in answers.answers] if answers else [],
            "latency": latency.loads if latency else [],
            "ramps": ramp.loads if ramp and is_current else [],
            "quota_requests": list(facts.quota_requests),
        }
    )
    return content


def _check(answer: ProvenAnswer) -> dict[str, Any]:
    """Give an answer with what its message checks, which not every name says."""
    return {
        **msgspec.structs.asdict(answer),
        "in_time": answer.is_in_time,
        "demand": _DEMANDS.get(answer.message),
    }


def write_folder(folder: Path, content: Mapping[str, Any], logo: bytes | None) -> list[Path]:
    """Write the files, each whole or not at all."""
    made_folder(folder)
    files: dict[str, str | bytes] = {
        "handoff.json": f"{json.dumps(content, indent=1, ensure_ascii=False)}\n",
        "handoff.md": text(content),
        "handoff.html": page(content, logo),
    }
    if logo is not None:
        files["logo.svg"] = logo
    for name, file in files.items():
        write_whole(folder / name, file)
    return [folder / name for name in files]
