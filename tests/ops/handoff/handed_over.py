"""A proof and what is live, as `firehose verify` and `firehose handoff` read them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from ops.handoff.folder import content_of
from ops.handoff.gaps import Gap

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
REGIONS = {"us-east-1": ("US1", "US2"), "eu-central-1": ("EU1",), "ap-southeast-2": ("AU1",)}
VERSIONS = {"acme-firehose": "7 abc"}
LOGO = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40">'
    b'<circle cx="20" cy="20" r="15" fill="#1f4e8c"/></svg>'
)


def load(transport: str, limit_ms: int, **changes: Any) -> dict[str, Any]:
    """Give 300 calls at 20 a second, as a saved proof holds them."""
    times = [limit_ms * (0.1 + (number * 37 % 100) / 200) for number in range(300)]
    measured = {
        "transport": transport,
        "rate": 20.0,
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


def proof(*, age: timedelta = timedelta(hours=1), **changes: Any) -> dict[str, Any]:
    """Give a proof of one region, changed."""
    region = {
        "region": "us-east-1",
        "versions": VERSIONS,
        "differences": [],
        "checks": [check("event_processing_request", "lambda")],
        "latency": [load("lambda", 200)],
    }
    return {
        "format": 1,
        "deployment": "acme",
        "made_at": (NOW - age).isoformat(),
        "regions": [region | changes],
    }


def check(message: str, transport: str, problem: str | None = None) -> dict[str, Any]:
    return {
        "transport": transport,
        "message": message,
        "id": "67ded989-8047-4f87-820e-82eab445a4ed",
        "milliseconds": 30.9,
        "problem": problem,
    }


def everywhere(*, gaps: Sequence[Gap] = (), **changes: Any) -> dict[str, Any]:
    """Give the content of a hand-off of three regions over both transports, changed."""
    messages = ("module_registration_request", "audience_membership_change_request_idle")
    proven = {
        "format": 1,
        "deployment": "acme",
        "made_at": NOW.isoformat(),
        "regions": [
            {
                "region": region,
                "versions": VERSIONS,
                "differences": [],
                "checks": [check(it, over) for over in ("lambda", "https") for it in messages],
                "latency": [load("lambda", 200), load("https", 100)],
            }
            for region in REGIONS
        ],
    }
    request = {
        "quota": "Lambda concurrent executions",
        "identifier": "request-1",
        "desired": 2700,
        "status": "CASE_OPENED",
        "case": "case-77",
        "made": NOW.isoformat(),
    }
    live = {
        region: {"versions": VERSIONS, "quota_requests": [request], "registration": {}}
        for region in REGIONS
    }
    content = content_of(
        name="acme",
        pods=[pod(name, region) for region, names in REGIONS.items() for name in names],
        proof=proven,
        live=live,
        gaps=gaps,
        now=NOW,
    )
    return content | {"findings": []} | changes


def pod(name: str, region: str) -> dict[str, Any]:
    api = "https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com/firehose"
    return {
        "pod": name,
        "region": region,
        "arn": f"arn:aws:lambda:{region}:000000000000:function:acme-firehose:production",
        "urls": [f"{api}/{path}" for path in ("registration", "events", "audiences", "dsr")],
        "granted": ["338661164609", "386705975570"],
        "unconfirmed": ["386705975570"],
        "memory_mb": 1024,
        "reserved": 1000,
        "provisioned": 0,
    }
