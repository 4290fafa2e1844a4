"""`firehose logs`: the errors that every region's functions logged, in the order they happened."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Annotated, Any

import typer

from console.exit_codes import CommandError, ExitCode
from console.interruption import stop_on_ctrl_c
from console.options import (
    DEFAULT_DEPLOYMENT,
    DeploymentOption,
    FormatOption,
    RegionOption,
    planned,
)
from console.outcomes import finish
from console.output import Format, Record, say, write
from ops.live.every_region import in_live_regions
from ops.live.region import LiveRegion
from plan.region_plan import RegionPlan

if TYPE_CHECKING:
    from mypy_boto3_logs.type_defs import FilteredLogEventTypeDef

_ERRORS = {
    "$.level": ("ERROR", "CRITICAL", "FATAL"),
    "$.log_level": ("ERROR", "CRITICAL"),
    "$.record.status": ("timeout", "error", "failure"),
    "$.status": ("5*",),
}
"""What makes a line an error: our lines and loggers, Lambda's runtime, Lambda itself, API Gateway.

Every function logs JSON, so nothing else needs to be looked for.
"""
_WARNINGS = {**_ERRORS, "$.level": (*_ERRORS["$.level"], "WARN", "WARNING")}
Wanted = Mapping[str, Sequence[str]]
"""By the place in a line's JSON: the values looked for, where * stands for anything."""

_UNITS = {"m": 60, "h": 3_600, "d": 86_400}
_LOG_GROUP = "AWS::Logs::LogGroup"
_PAUSE_SECONDS = 3.0
_LATE_MS = 30_000
"""How late CloudWatch may show a line: while following, the last half minute is read again."""
_SHOWN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One logged line; `event` is CloudWatch's own id of it."""

    event: str
    moment_ms: int
    region: str
    group: str
    text: str


def logs(
    *,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    region: RegionOption = None,
    since: Annotated[str, typer.Option(help="How far back: 30m, 6h, 2d.")] = "1h",
    warnings: Annotated[
        bool, typer.Option("--warnings", help="Warnings too: retries and suspensions.")
    ] = False,
    follow: Annotated[
        bool, typer.Option("--follow", help="Keep showing new ones, one a line, until Ctrl-C.")
    ] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show the errors of every region's functions, oldest first. Our lines hold no payload.

    Example: firehose logs --since 6h --region eu-central-1
    """
    start_ms = int(time.time() * 1000) - 1000 * _seconds(since)
    plans = planned(deployment, region)
    wanted = _WARNINGS if warnings else _ERRORS
    lines, failures = _read(plans, start_ms, wanted)
    nobody_answers = len(failures) == len(plans)
    if not follow or nobody_answers:
        write([_record(line) for line in lines], form=form)
        finish(failures)
        say(f"{len(lines)} lines since {_iso(start_ms)}.")
        return
    for failure in failures:
        say(str(failure))
    _follow(plans, lines, wanted)


def _follow(plans: Sequence[RegionPlan], lines: Sequence[Line], wanted: Wanted) -> None:
    """Print lines as they come; a region that fails for a while is asked again."""
    known: set[str] = set()
    with stop_on_ctrl_c() as stop:
        while not stop.is_set():
            for line in lines:
                if line.event not in known:
                    known.add(line.event)
                    # one call and flushed: whoever reads the pipe wants each line at once
                    typer.echo(json.dumps(_record(line), ensure_ascii=False))
            if not stop.wait(_PAUSE_SECONDS):
                lines, _ = _read(plans, int(time.time() * 1000) - _LATE_MS, wanted)
    say("Stopped following.")


def _read(
    plans: Sequence[RegionPlan], start_ms: int, wanted: Wanted
) -> tuple[list[Line], list[CommandError]]:
    found, failures = in_live_regions(plans, lambda live: list(lines_of(live, start_ms, wanted)))
    lines = [line for _, of_region in found for line in of_region]
    return sorted(lines, key=lambda line: line.moment_ms), failures


def lines_of(live: LiveRegion, start_ms: int, wanted: Wanted) -> Iterator[Line]:
    """Read what is wanted from every log group of a region's stack."""
    pages = live.session.client("logs").get_paginator("filter_log_events")
    terms = [f'({place} = "{value}")' for place, values in wanted.items() for value in values]
    pattern = f"{{ {' || '.join(terms)} }}"
    for group in live.physical_ids(_LOG_GROUP):
        for page in pages.paginate(logGroupName=group, startTime=start_ms, filterPattern=pattern):
            for event in page["events"]:
                # asked of the embedded AWS too, which takes such a pattern for any line
                if _is_wanted(_parsed(event["message"]), wanted):
                    yield Line(
                        event=event.get("eventId") or _named(group, event),
                        moment_ms=event["timestamp"],
                        region=live.plan.region,
                        group=group.rsplit("/", 1)[-1],
                        text=event["message"].rstrip(),
                    )


def _named(group: str, event: FilteredLogEventTypeDef) -> str:
    """Name a line that has no id, as those of functions have none on the embedded AWS."""
    return f"{group} {event['timestamp']} {event['message']}"


def _is_wanted(content: dict[str, Any], wanted: Wanted) -> bool:
    return any(
        fnmatchcase(str(_at(content, place)), value)
        for place, values in wanted.items()
        for value in values
    )


def _at(content: object, place: str) -> object:
    for key in place.split(".")[1:]:
        content = content.get(key) if isinstance(content, dict) else None
    return content


def _seconds(since: str) -> int:
    match = re.fullmatch(r"(\d{1,4})([mhd])", since)
    if not match:
        raise CommandError(
            f"--since: found {since!r}",
            next_step="write minutes, hours or days, such as 30m, 6h or 2d",
            exit_code=ExitCode.USAGE,
        )
    return int(match[1]) * _UNITS[match[2]]


def _record(line: Line) -> Record:
    content = _parsed(line.text)
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


def _parsed(text: str) -> dict[str, Any]:
    try:
        content = json.loads(text)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _shortened(content: dict[str, Any], text: str) -> str:
    """Give a line that is not one of ours, as it was logged: Lambda's own or the integration's."""
    words = str(content.get("errorMessage") or content.get("message") or text)
    return words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…"


def _iso(moment_ms: int) -> str:
    moment = datetime.fromtimestamp(moment_ms / 1000, UTC)
    return moment.isoformat(timespec="milliseconds")
