"""What is proven of a region, in one line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

TRANSPORTS = {"lambda": "Lambda", "https": "HTTPS"}


def line_of(region: Mapping[str, Any]) -> str:
    """Write it; `region` is one of handoff.json."""
    return f"{'; '.join(_parts(region))}."


def _parts(region: Mapping[str, Any]) -> Iterator[str]:
    checks = region["checks"]
    if checks:
        slow = sum(not check["in_time"] for check in checks)
        count = "1 message" if len(checks) == 1 else f"{len(checks)} messages"
        yield f"{count} answered right{f', {slow} slowly' if slow else ''}"
    else:
        yield "no message was sent"
    for load in region["latency"]:
        summary = load["summary"]
        p99 = summary["percentiles_ms"].get("p99", "-")
        yield (
            f"{TRANSPORTS.get(load['transport'], load['transport'])} p99 {p99} ms of"
            f" {summary['limit_ms']} ms, {load['load']} from {load['measured_from']}"
        )
    for ramp in region["ramps"]:
        yield (
            f"{ramp['most_at_once']:,} calls at once over"
            f" {TRANSPORTS.get(ramp['transport'], ramp['transport'])} without a throttle,"
            f" {ramp['load']} from {ramp['measured_from']}"
        )
    for function, most in region["concurrency"].items():
        yield f"{function} may serve {most:,} at once"
    if token := region["token"]:
        state = "stored and accepted" if token["accepted"] else "refused"
        yield f"mParticle's token is {state if token['stored'] else 'not stored'}"
