"""The folder that mParticle is sent: handoff.json, handoff.md and handoff.html, with the proof."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from console.exit_codes import CommandError
from console.output import Record
from console.whole_file import write_whole
from firehose import (
    Finding,
    InvalidMessage,
    ModuleRegistrationResponse,
    check_registration,
    decode,
)
from ops.handoff.gaps import Gap
from ops.handoff.handoff_page import page
from ops.handoff.text import text
from ops.live.region import LiveRegion
from ops.proof.proof_file import shown_versions
from ops.proof.verdicts import registration_answer
from ops.readiness.quotas import API_RATE, LAMBDA_CONCURRENCY, requests_of
from plan.region_plan import RegionPlan

if TYPE_CHECKING:
    from boto3.session import Session


def live_extras(live: LiveRegion) -> dict[str, Any]:
    """Read what the folder shows besides the endpoint: code, quota requests, registration."""
    return {
        "versions": shown_versions(live),
        "quota_requests": _quota_requests(live.session, live.plan),
        "registration": registration_answer(live),
    }


def registration_of(live: Mapping[str, Mapping[str, Any]]) -> Any:
    """Give the registration that the first region answers; none without a region."""
    return next((extras["registration"] for extras in live.values()), None)


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
    proof: Mapping[str, Any],
    live: Mapping[str, Mapping[str, Any]],
    gaps: Sequence[Gap],
    now: datetime,
) -> dict[str, Any]:
    """Put together what the folder says; handoff.json is this (docs/operations.md)."""
    registration = registration_of(live)
    proven = {region["region"]: region for region in proof["regions"]}
    empty: dict[str, Any] = {"checks": [], "latency": []}
    return {
        "name": name,
        "made_at": now.isoformat(timespec="seconds"),
        "proven_at": proof["made_at"],
        "gaps": [asdict(gap) for gap in gaps],
        "pods": list(pods),
        "regions": [
            {
                "region": region,
                "versions": extras["versions"],
                "checks": proven.get(region, empty)["checks"],
                "latency": proven.get(region, empty)["latency"],
                "quota_requests": extras["quota_requests"],
            }
            for region, extras in live.items()
        ],
        "registration": registration,
        "findings": findings_of(registration),
    }


def write_folder(folder: Path, content: Mapping[str, Any], logo: bytes | None) -> list[Path]:
    """Write the files, each whole or not at all."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CommandError(
            f"--folder: {folder}: {error.strerror}", next_step="name a folder that may be made"
        ) from None
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


def _quota_requests(session: Session, plan: RegionPlan) -> list[dict[str, Any]]:
    """List quota requests; without the right to see them the hand-off is still worth having."""
    from botocore.exceptions import ClientError  # noqa: PLC0415 - see cloud.regions

    try:
        return [
            {"quota": quota.text, **asdict(request)}
            for quota in (LAMBDA_CONCURRENCY, *([API_RATE] if plan.https else []))
            for request in requests_of(session, quota)
        ]
    except ClientError:
        return []
