"""Calls of versions with different memory, in turns, and what each size comes to."""

from __future__ import annotations

import base64
import json
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from statistics import fmean, quantiles
from typing import TYPE_CHECKING, Any

import msgspec

from ops.tuning.versions import TunedVersion
from plan.prices import Prices

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

WARM_UP = 2
"""Calls of each version that do not count: the first one starts it."""
_TEXT_REPORT = re.compile(
    r"\bDuration: (?P<took>[\d.]+) ms.*?Billed Duration: (?P<billed>[\d.]+) ms"
    r".*?Max Memory Used: (?P<used>\d+) MB",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What Lambda says of one call at its end."""

    milliseconds: float
    billed_ms: float
    used_mb: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TunedCall:
    """One call. `is_reported` tells whether Lambda said how long it took, or this machine did."""

    milliseconds: float
    billed_ms: float
    used_mb: int | None
    failed: bool
    is_reported: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredSize:
    """What some memory comes to. Times are in milliseconds; the first call's has its start.

    `usd_per_million` has requests and billed time, nothing else.
    """

    memory_mb: int
    calls: int
    failed: int
    first_ms: float
    p50_ms: float
    p99_ms: float
    billed_ms: float
    used_mb: int | None
    usd_per_million: float
    is_reported: bool


def call_in_turns(
    client: LambdaClient,
    versions: Sequence[TunedVersion],
    messages: Sequence[dict[str, Any]],
    *,
    is_stopped: Callable[[], bool],
    report: Callable[[int, int], None],
) -> dict[int, list[TunedCall]]:
    """Send every message to every version, one after the other; give the calls by memory.

    In turns, so that what is slow for a while is slow for all of them.
    """
    calls: dict[int, list[TunedCall]] = {version.memory_mb: [] for version in versions}
    total = len(messages) * len(versions)
    for message in messages:
        payload = msgspec.json.encode(message)
        for version in versions:
            if is_stopped():
                return calls
            calls[version.memory_mb].append(_called(client, version.arn, payload))
            report(sum(map(len, calls.values())), total)
    return calls


def measured_sizes(
    calls: dict[int, list[TunedCall]], *, region: str, architecture: str, prices: Prices
) -> list[MeasuredSize]:
    """Sum up the calls of each size; one with too few of them that were answered is left out."""
    found = []
    for memory_mb, of_size in calls.items():
        answered = [call for call in islice(of_size, WARM_UP, None) if not call.failed]
        if len(answered) < 2:
            continue
        percentiles = quantiles([call.milliseconds for call in answered], n=100, method="inclusive")
        billed_ms = fmean(call.billed_ms for call in answered)
        used = [call.used_mb for call in answered if call.used_mb is not None]
        found.append(
            MeasuredSize(
                memory_mb=memory_mb,
                calls=len(of_size),
                failed=sum(call.failed for call in of_size),
                first_ms=of_size[0].billed_ms,
                p50_ms=percentiles[49],
                p99_ms=percentiles[98],
                billed_ms=billed_ms,
                used_mb=max(used, default=None),
                usd_per_million=prices.of(region, "lambda_requests", 1)
                + prices.of_lambda_time(
                    region, architecture, memory_mb=memory_mb, seconds=1e6 * billed_ms / 1_000
                ),
                is_reported=all(call.is_reported for call in answered),
            )
        )
    return found


def _called(client: LambdaClient, arn: str, payload: bytes) -> TunedCall:
    started = time.perf_counter()
    answer = client.invoke(FunctionName=arn, Payload=payload, LogType="Tail")
    answer["Payload"].read()
    milliseconds = (time.perf_counter() - started) * 1_000
    log = base64.b64decode(answer.get("LogResult", "")).decode("utf-8", "replace")
    reported = reported_in(log)
    return TunedCall(
        milliseconds=reported.milliseconds if reported else milliseconds,
        billed_ms=reported.billed_ms if reported else milliseconds,
        used_mb=reported.used_mb if reported else None,
        failed="FunctionError" in answer,
        is_reported=reported is not None,
    )


def reported_in(log: str) -> Report | None:
    """Find what Lambda reports at the end of a call's log, as JSON or as a line of text.

    docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html, platform.report.
    """
    for line in reversed(log.splitlines()):
        try:
            content = json.loads(line)
        except ValueError:
            continue
        if isinstance(content, dict) and content.get("type") == "platform.report":
            metrics = content["record"]["metrics"]
            return Report(
                milliseconds=float(metrics["durationMs"]),
                billed_ms=float(metrics["billedDurationMs"]),
                used_mb=int(metrics["maxMemoryUsedMB"]),
            )
    text = _TEXT_REPORT.search(log)
    if text is None:
        return None
    return Report(
        milliseconds=float(text["took"]), billed_ms=float(text["billed"]), used_mb=int(text["used"])
    )
