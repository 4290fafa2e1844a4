"""`firehose logs`: the errors that every region's functions logged, in the order they happened."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from console.exit_codes import CommandError, UsageError
from console.interruption import stop_on_ctrl_c
from console.options import DEFAULT_DEPLOYMENT, DeploymentOption, FormatOption, RegionOption
from console.outcomes import finish
from console.output import Format, say, write
from console.planned_regions import planned
from ops.live.every_region import in_live_regions
from ops.oncall.log_search import LogLine, Wanted, search
from plan.region_plan import RegionPlan
from probe.fresh_ids import is_of_a_check

ERRORS: Wanted = {
    "$.level": ("ERROR", "CRITICAL", "FATAL"),
    "$.log_level": ("ERROR", "CRITICAL"),
    "$.record.status": ("timeout", "error", "failure"),
    "$.status": ("5*",),
}
"""What makes a line an error: our lines and loggers, Lambda's runtime, Lambda itself, API Gateway.

Every function logs JSON, so nothing else needs to be looked for.
"""
WARNINGS: Wanted = {**ERRORS, "$.level": (*ERRORS["$.level"], "WARN", "WARNING")}

_UNITS = {"m": 60, "h": 3_600, "d": 86_400}
_PAUSE_SECONDS = 3.0
_LATE_MS = 30_000
"""How late CloudWatch may show a line: while following, the last half minute is read again."""
_SHOWN = 200
_CHECKED_WITHIN_MS = 10_000
_FACTS = ("time", "region", "log", "error")


def logs(
    *,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    region: RegionOption = None,
    since: Annotated[str, typer.Option(help="How far back: 30m, 6h, 2d.")] = "1h",
    warnings: Annotated[
        bool, typer.Option("--warnings", help="Warnings too: retries and suspensions.")
    ] = False,
    of: Annotated[
        str | None,
        typer.Option(
            "--id",
            help="Every line of this message or customer instead; `logs.trace` has all written.",
        ),
    ] = None,
    follow: Annotated[
        bool, typer.Option("--follow", help="Keep showing new ones, one a line, until Ctrl-C.")
    ] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show the errors of every region's functions, oldest first. Our lines hold no payload.

    A line each, with times in UTC; what `firehose verify` wants refused is left out. CloudWatch
    Logs Insights searches, which AWS bills by what it scans.

    Example: firehose logs --since 6h --region eu-central-1
    """
    start_ms = int(time.time() * 1000) - 1000 * _seconds(since)
    plans = planned(deployment, region)
    levels = WARNINGS if warnings else ERRORS
    wanted: Wanted = {"$.message_id": (of,), "$.account_id": (of,)} if of else levels
    lines, beyond, failures = _search(plans, start_ms, wanted)
    nobody_answers = len(failures) == len(plans)
    if not follow or nobody_answers:
        rows = [_record(line) for line in lines]
        if form is Format.TABLE:
            rows = [row | {"time": _short_time(row["time"], since)} for row in rows]
        write(rows, form=form, facts=_FACTS, details=False, one_line=True)
        finish(failures)
        say(f"{len(lines)} lines since {_iso(start_ms)}.")
        if beyond:
            say(f"{beyond} older ones are not shown.\nNext: a shorter time with --since")
        return
    for failure in failures:
        say(str(failure))
    _follow(plans, lines, wanted)


def _follow(plans: Sequence[RegionPlan], lines: Sequence[LogLine], wanted: Wanted) -> None:
    """Print lines as they come; a region that fails for a while is asked again."""
    known: set[str] = set()
    with stop_on_ctrl_c() as stop:
        while not stop.is_set():
            for line in lines:
                if line.identifier not in known:
                    known.add(line.identifier)
                    # one call and flushed: whoever reads the pipe wants each line at once
                    typer.echo(json.dumps(_record(line), ensure_ascii=False))
            if not stop.wait(_PAUSE_SECONDS):
                lines, _, _ = _search(plans, int(time.time() * 1000) - _LATE_MS, wanted)
    say("Stopped following.")


def _search(
    plans: Sequence[RegionPlan], start_ms: int, wanted: Wanted
) -> tuple[list[LogLine], int, list[CommandError]]:
    """Give the lines of every region in order, how many more there are, and the failures."""
    found, failures = in_live_regions(plans, lambda live: search(live, start_ms, wanted))
    lines = list(_without_checks([line for _, it in found for line in it.lines]))
    beyond = sum(max(0, it.matched - len(it.lines)) for _, it in found)
    return sorted(lines, key=lambda line: line.moment_ms), beyond, failures


def _without_checks(lines: Sequence[LogLine]) -> Iterator[LogLine]:
    """Leave out what an endpoint refused because `firehose verify` wants it refused.

    A body that is too large is refused unread, so its line has no id: it is known by the line of a
    check that the same function wrote within seconds.
    """
    refused = [line for line in lines if line.content.get("outcome") == "refused"]
    checks = [line for line in refused if is_of_a_check(line.content.get("message_id"))]
    for line in lines:
        is_near = any(
            abs(line.moment_ms - it.moment_ms) <= _CHECKED_WITHIN_MS
            and (line.region, line.group) == (it.region, it.group)
            for it in checks
        )
        is_nameless = line in refused and not line.content.get("message_id")
        if line not in checks and not (is_nameless and is_near):
            yield line


def _seconds(since: str) -> int:
    match = re.fullmatch(r"(\d{1,4})([mhd])", since)
    if not match:
        raise UsageError(
            f"--since: found {since!r}",
            next_step="write minutes, hours or days, such as 30m, 6h or 2d",
        )
    return int(match[1]) * _UNITS[match[2]]


def _short_time(time: object, since: str) -> str:
    """Leave out the year, and for less than a day the date: 12:00:00 of 2026-01-31T12:00:00.000."""
    date, _, clock = str(time).partition("T")
    return f"{date[5:]} {clock[:8]}" if since.endswith("d") else clock[:8]


def _record(line: LogLine) -> dict[str, object]:
    content = line.content
    return {
        "time": content.get("timestamp") or _iso(line.moment_ms),
        "region": line.region,
        "log": line.group,
        "level": content.get("level"),
        "outcome": content.get("outcome"),
        "message_type": content.get("message_type"),
        "message_id": content.get("message_id"),
        "error": content.get("error") or _shortened(content, line.text),
        "where": content.get("where"),
    }


def _shortened(content: dict[str, Any], text: str) -> str:
    """Give a line that is not one of ours, as it was logged: Lambda's own or the integration's."""
    words = str(content.get("errorMessage") or content.get("message") or text)
    return words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…"


def _iso(moment_ms: int) -> str:
    moment = datetime.fromtimestamp(moment_ms / 1000, UTC)
    return moment.isoformat(timespec="milliseconds")
