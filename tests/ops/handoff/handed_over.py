"""A proof and what is live, as `firehose verify` and `firehose handoff` read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import msgspec

from ops.handoff.folder import content_of
from ops.handoff.gaps import Gap
from ops.handoff.live_facts import LiveFacts, TokenFacts
from ops.proof.proof_file import (
    AnswersProof,
    LatencyProof,
    Proof,
    ProvenAnswer,
    ProvenLoad,
    SavedProofs,
)
from ops.proof.subject import ProofSubject, ProvenEndpoint
from plan.fields import TransportName

TRANSPORTS: tuple[TransportName, ...] = ("lambda", "https")
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
REGIONS = {"us-east-1": ("US1", "US2"), "eu-central-1": ("EU1",), "ap-southeast-2": ("AU1",)}
ACCOUNT = "111122223333"
LOGO = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40">'
    b'<circle cx="20" cy="20" r="15" fill="#1f4e8c"/></svg>'
)


def load(transport: str, limit_ms: int, **changes: Any) -> dict[str, Any]:
    """Give 300 calls at 20 a second, as a saved proof holds them."""
    times = [limit_ms * (0.1 + (number * 37 % 100) / 200) for number in range(300)]
    measured = {
        "transport": transport,
        "measured_from": "inside us-east-1",
        "load": "20 a second for 15 s",
        "most_at_once": 4,
        "histogram": "HISTFAAAACJ4nJNpmSzMwMDAzAABMJoRRJgueclg/wEicDiZCQBc7AVn",
        "conclusion": "pass",
        "summary": {
            "calls": 300,
            "answered": 300,
            "throttled": 0,
            "failed": 0,
            "cold": 3,
            "limit_ms": limit_ms,
            "in_time": 1.0,
            "at_least": 0.9900638,
            "percentiles_ms": {"p50": 20.0, "p95": 38.1, "p99": 40.0, "p99_9": 41.7},
            "cold_p50_ms": 38.5,
            "late_p99_ms": 0.4,
        },
        "calls": [
            [number / 20, round(time, 1), "answered", number % 100 == 0]
            for number, time in enumerate(times)
        ],
    }
    return measured | changes


def loads(*measured: dict[str, Any]) -> list[ProvenLoad]:
    return msgspec.convert(list(measured), list[ProvenLoad])


def subject(
    region: str = "us-east-1", *, account: str = ACCOUNT, code: str = "abc", **targets: str
) -> ProofSubject:
    """Give a region's endpoints over both transports, unless `targets` names others."""
    both = {"lambda": f"arn:aws:lambda:{region}:{account}:function:acme-firehose:production"}
    both |= {"https": "https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com/firehose"}
    return ProofSubject(
        account=account,
        endpoints={
            transport: ProvenEndpoint(
                target=target, function=f"acme-{transport}", version=7, code=code
            )
            for transport, target in cast("dict[TransportName, str]", targets or both).items()
        },
    )


def facts(about: ProofSubject | None = None, **changes: Any) -> LiveFacts:
    """Give what is live in a region where everything is as mParticle demands, changed."""
    about = about or subject()
    good = LiveFacts(
        subject=about,
        concurrency={it.function: 1_000 for it in about.endpoints.values()},
        token=TokenFacts(stored=NOW.isoformat(), accepted=True),
        quota_requests=[],
        registration={},
    )
    return replace(good, **changes)


def answers(*, region: str = "us-east-1", **changes: Any) -> AnswersProof:
    messages = ("module_registration_request", "audience_membership_change_request_idle")
    proof = AnswersProof(
        region=region,
        made_at=(NOW - timedelta(hours=1)).isoformat(),
        subject=subject(region),
        answers=[check(it, over) for over in TRANSPORTS for it in messages],
    )
    return msgspec.structs.replace(proof, **changes)


def latency(*, region: str = "us-east-1", **changes: Any) -> LatencyProof:
    proof = LatencyProof(
        region=region,
        made_at=(NOW - timedelta(hours=1)).isoformat(),
        subject=subject(region),
        loads=loads(load("lambda", 200), load("https", 100)),
    )
    return msgspec.structs.replace(proof, **changes)


def saved(*proofs: Proof, deployment: str = "acme") -> SavedProofs:
    return SavedProofs(deployment=deployment, proofs=list(proofs))


def check(message: str, transport: TransportName, **changes: Any) -> ProvenAnswer:
    answer = ProvenAnswer(
        transport=transport,
        message=message,
        id="67ded989-8047-4f87-820e-82eab445a4ed",
        milliseconds=30.9,
        limit_ms={"lambda": 200, "https": 100}[transport],
        advice=None,
    )
    return msgspec.structs.replace(answer, **changes)


def everywhere(*, gaps: Sequence[Gap] = (), **changes: Any) -> dict[str, Any]:
    """Give the content of a hand-off of three regions over both transports, changed."""
    request = {
        "quota": "Lambda concurrent executions",
        "identifier": "request-1",
        "desired": 2700,
        "status": "CASE_OPENED",
        "case": "case-77",
        "made": NOW.isoformat(),
    }
    content = content_of(
        name="acme",
        pods=[pod(name, region) for region, names in REGIONS.items() for name in names],
        saved=saved(
            *(answers(region=region) for region in REGIONS),
            *(latency(region=region) for region in REGIONS),
        ),
        live={region: facts(subject(region), quota_requests=[request]) for region in REGIONS},
        gaps=gaps,
        now=NOW,
    )
    return content | {"findings": []} | changes


def pod(name: str, region: str) -> dict[str, Any]:
    api = "https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com/firehose"
    return {
        "pod": name,
        "region": region,
        "arn": f"arn:aws:lambda:{region}:{ACCOUNT}:function:acme-firehose:production",
        "urls": [f"{api}/{path}" for path in ("registration", "events", "audiences", "dsr")],
        "granted": ["338661164609", "386705975570"],
        "unconfirmed": ["386705975570"],
        "memory_mb": 1024,
        "reserved": 1000,
        "provisioned": 0,
    }
