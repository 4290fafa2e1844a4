"""The hand-off as a page: the verdict, endpoints, proof and registration."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ops.handoff.load_chart import chart
from ops.handoff.proof_line import TRANSPORTS, line_of
from ops.handoff.wording import moment, percent
from pages.axes import BOX
from pages.html_page import rendered
from plan.mparticle import MINIMUM_CONCURRENCY

_PERCENTILES = {"p50": "p50", "p95": "p95", "p99": "p99", "p99_9": "p99.9"}


def page(content: Mapping[str, Any], logo: bytes | None) -> str:
    """Render the hand-off; `content` is what handoff.json holds."""
    regions = [_region(content, region) for region in content["regions"]]
    data = {
        "content": content,
        "regions": regions,
        "summary": _summary(regions, content["findings"]),
        "unconfirmed": _unconfirmed(content["pods"]),
        "embedded": any(region["embedded"] for region in content["regions"]),
        "demands": {
            it["message"]: it["demand"] for region in content["regions"] for it in region["checks"]
        },
        # as an image, so that nothing in it can run or load
        "logo": f"data:image/svg+xml;base64,{base64.b64encode(logo).decode()}" if logo else None,
        "box": BOX,
        "transports": TRANSPORTS,
    }
    filters: dict[str, Callable[[Any], str]] = {
        "moment": moment,
        "percent": percent,
        "pretty": lambda value: json.dumps(value, indent=2, ensure_ascii=False),
    }
    return rendered(Path(__file__).with_suffix(".html"), data, filters=filters)


def _region(content: Mapping[str, Any], region: Mapping[str, Any]) -> dict[str, Any]:
    """Put together what the page says about one region."""
    name = region["region"]
    pods = [pod for pod in content["pods"] if pod["region"] == name]
    return {
        "name": name,
        "pods": [pod["pod"] for pod in pods],
        "endpoint": pods[0],  # pods of one region share everything
        "endpoints": region["endpoints"],
        "concurrency": region["concurrency"],
        "line": line_of(region),
        "gaps": [gap["text"] for gap in content["gaps"] if gap["region"] == name],
        "checks": len(region["checks"]),
        "messages": _by_message(region["checks"]),
        "check_transports": list(dict.fromkeys(it["transport"] for it in region["checks"])),
        "loads": [_load(measured) for measured in region["latency"]],
        "quota_requests": region["quota_requests"],
    }


def _by_message(checks: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, list[Any]]]:
    """Group checks by message and, within, by transport, in the order they were made."""
    grouped: dict[str, dict[str, list[Any]]] = {}
    for check in checks:
        grouped.setdefault(check["message"], {}).setdefault(check["transport"], []).append(check)
    return grouped


def _load(measured: Mapping[str, Any]) -> dict[str, Any]:
    summary = measured["summary"]
    return {
        **measured,
        "chart": chart(measured),
        "percentiles": {
            label: summary["percentiles_ms"][key]
            for key, label in _PERCENTILES.items()
            if key in summary["percentiles_ms"]
        },
    }


def _summary(
    regions: Sequence[Mapping[str, Any]], findings: Sequence[Mapping[str, Any]]
) -> dict[str, tuple[str, bool]]:
    """Count what holds; each count with whether that is all there is."""
    loads = [load for region in regions for load in region["loads"]]
    return {
        "Messages answered right": (
            str(answered := sum(region["checks"] for region in regions)),
            bool(answered),
        ),
        "Endpoints fast enough": _of(
            sum(load["conclusion"] == "pass" for load in loads),
            sum(len(_transports_of(region["endpoint"])) for region in regions),
        ),
        "Calls at once, at least": (
            f"{(least := _least_concurrency(regions)):,}",
            least >= MINIMUM_CONCURRENCY,
        ),
        "Registration errors": (
            str(errors := sum(finding["severity"] == "error" for finding in findings)),
            not errors,
        ),
    }


def _least_concurrency(regions: Sequence[Mapping[str, Any]]) -> int:
    counts = [most for region in regions for most in region["concurrency"].values()]
    return min(counts, default=0)


def _of(part: int, whole: int) -> tuple[str, bool]:
    return f"{part} of {whole}", 0 < part == whole


def _transports_of(endpoint: Mapping[str, Any]) -> list[str]:
    return [name for name, key in (("lambda", "arn"), ("https", "urls")) if endpoint[key]]


def _unconfirmed(pods: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Give the regions where each account is granted that still needs mParticle's word."""
    accounts: dict[str, list[str]] = {}
    for pod in pods:
        for account in pod["unconfirmed"]:
            regions = accounts.setdefault(account, [])
            if pod["region"] not in regions:
                regions.append(pod["region"])
    return accounts
