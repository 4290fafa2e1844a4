"""The folder that mParticle is sent: handoff.json, handoff.md and handoff.html, with the proof."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from firehose import InvalidMessage, ModuleRegistrationResponse, check_registration, decode
from ops.console.exit_codes import CommandError
from ops.console.output import Format, Record, write
from ops.handoff.page import page
from ops.proof.contract import registration_answer
from ops.proof.report import read_versions
from ops.readiness.quotas import API_RATE, LAMBDA_CONCURRENCY, requests_of
from ops.whole_file import write_whole
from plan.regions import RegionPlan

if TYPE_CHECKING:
    from boto3.session import Session

FRESH = timedelta(hours=24)


def live_extras(session: Session, plan: RegionPlan) -> dict[str, Any]:
    """Read what the folder shows besides the endpoint: code, quota requests, registration."""
    return {
        "versions": read_versions(session, plan),
        "quota_requests": _quota_requests(session, plan),
        "registration": registration_answer(session, plan),
    }


def unproven(
    proof: Mapping[str, Any], name: str, live: Mapping[str, Mapping[str, Any]], now: datetime
) -> list[str]:
    """Say why a proof does not speak for what is live, by region."""
    if proof["deployment"] != name:
        return [f"The proof is of {proof['deployment']}, not of {name}."]
    age = now - datetime.fromisoformat(proof["made_at"])
    texts = [f"The proof is {age.days} days old."] if age > FRESH else []
    proven = {region["region"]: region for region in proof["regions"]}
    for region, extras in live.items():
        if region not in proven:
            texts.append(f"{region}: nothing is proven here.")
            continue
        one = proven[region]
        if one["versions"] != extras["versions"]:
            texts.append(f"{region}: other code runs now than was proven.")
        if one["differences"] or any(check["problem"] for check in one["checks"]):
            texts.append(f"{region}: the proof shows problems.")
        if not one["latency"]:
            texts.append(f"{region}: no answer times were measured.")
        texts += [
            f"{region}: answer times over {it['transport']}: {it['conclusion']}."
            for it in one["latency"]
            if it["conclusion"] != "pass"
        ]
    return texts


def content_of(
    *,
    name: str,
    pods: Sequence[Record],
    proof: Mapping[str, Any],
    live: Mapping[str, Mapping[str, Any]],
    unproven_texts: Sequence[str],
    now: datetime,
) -> dict[str, Any]:
    """Put together what the folder says; handoff.json is this."""
    registration = next((it["registration"] for it in live.values()), None)
    proven = {region["region"]: region for region in proof["regions"]}
    empty: dict[str, Any] = {"checks": [], "latency": []}
    return {
        "name": name,
        "made_at": now.isoformat(timespec="seconds"),
        "proven_at": proof["made_at"],
        "unproven": list(unproven_texts),
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
        "findings": _findings(registration),
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
        "handoff.md": _markdown(content),
        "handoff.html": page(content, logo),
    }
    if logo is not None:
        files["logo.svg"] = logo
    for name, text in files.items():
        write_whole(folder / name, text)
    return [folder / name for name in files]


def _markdown(content: Mapping[str, Any]) -> str:
    stream = StringIO()
    stream.write(
        f"# {content['name']}: hand-off to mParticle\n\nProven {content['proven_at']}.\n\n"
    )
    stream.writelines(f"* **NOT PROVEN**: {text}\n" for text in content["unproven"])
    write(content["pods"], form=Format.MARKDOWN, stream=stream)
    for region in content["regions"]:
        right = sum(not check["problem"] for check in region["checks"])
        stream.write(f"\n## {region['region']}\n\n")
        stream.write(f"* {right} of {len(region['checks'])} messages answered right\n")
        stream.writelines(
            f"* {it['transport']}: {it['summary']['in_time']:.2%} within"
            f" {it['summary']['limit_ms']} ms of {it['summary']['answered']} answers, p99"
            f" {it['summary']['percentiles_ms'].get('p99', '-')} ms: {it['conclusion']}\n"
            for it in region["latency"]
        )
        stream.writelines(
            f"* {it['quota']}: {it['desired']} asked for, {it['status']},"
            f" case {it['case'] or '-'}\n"
            for it in region["quota_requests"]
        )
    text = json.dumps(content["registration"], indent=2, ensure_ascii=False)
    stream.write(f"\n## Registration\n\n```json\n{text}\n```\n")
    return stream.getvalue()


def _findings(registration: object) -> list[dict[str, Any]]:
    try:
        response = decode(json.dumps(registration).encode())
    except InvalidMessage as error:
        return [{"id": "-", "severity": "error", "text": str(error)}]
    if not isinstance(response, ModuleRegistrationResponse):
        return [{"id": "-", "severity": "error", "text": "the endpoint answers no registration"}]
    return [msgspec.structs.asdict(finding) for finding in check_registration(response)]


def _quota_requests(session: Session, plan: RegionPlan) -> list[dict[str, Any]]:
    """List quota requests; without the right to see them the hand-off is still worth having."""
    from botocore.exceptions import ClientError  # noqa: PLC0415 - see ops.aws

    try:
        return [
            {"quota": quota.text, **asdict(request)}
            for quota in (LAMBDA_CONCURRENCY, *([API_RATE] if plan.https else []))
            for request in requests_of(session, quota)
        ]
    except ClientError:
        return []


def now() -> datetime:
    """Give the moment in UTC."""
    return datetime.now(UTC)
