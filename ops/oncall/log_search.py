"""Looking for lines in a region's log groups with CloudWatch Logs Insights: one query for all.

FilterLogEvents reads every line page by page, 10,000 at a time: 700 calls for an hour of 7 million
lines in one group. Insights scans them at AWS:
docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from console.exit_codes import CommandError
from ops.live.region import LiveRegion

if TYPE_CHECKING:
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_logs.type_defs import GetQueryResultsResponseTypeDef, ResultFieldTypeDef

Wanted = Mapping[str, Sequence[str]]
"""By the place in a line's JSON, `$.a.b`: the values looked for, where * stands for anything."""

MOST_LINES = 1_000
"""The newest of a region's lines that a search gives."""
_GROUPS_AT_ONCE = 50
"""docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartQuery.html."""
_LOG_GROUP = "AWS::Logs::LogGroup"
_DONE = frozenset({"Complete", "Failed", "Cancelled", "Timeout"})
_PAUSE_SECONDS = 0.5
_LONGEST_SECONDS = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One logged line; `identifier` is CloudWatch's own, `group` the construct that logged it."""

    identifier: str
    moment_ms: int
    region: str
    group: str
    text: str

    @property
    def content(self) -> dict[str, Any]:
        """The line's JSON object; empty where it is none."""
        try:
            content = json.loads(self.text)
        except ValueError:
            return {}
        return content if isinstance(content, dict) else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSearch:
    """What a search of one region found, oldest first; `matched` counts those beyond the limit."""

    lines: Sequence[LogLine]
    matched: int


def search(live: LiveRegion, start_ms: int, wanted: Wanted) -> LogSearch:
    """Look for what is wanted in every log group of a region's stack, since a moment.

    Raises `CommandError` when a query fails or is not done within two minutes.
    """
    groups = live.physical_ids(_LOG_GROUP)
    lines: list[LogLine] = []
    matched = 0
    for start in range(0, len(groups), _GROUPS_AT_ONCE):
        answer = _asked(live, groups[start : start + _GROUPS_AT_ONCE], start_ms, wanted)
        given = list(_lines(live, answer))
        found = [it for it in given if it.moment_ms >= start_ms and _is_wanted(it.content, wanted)]
        # the query lets through a little more than is wanted, which is no line beyond the limit
        beyond = max(0, int(answer["statistics"].get("recordsMatched", 0)) - len(given))
        lines += found
        matched += len(found) + beyond
    return LogSearch(lines=sorted(lines, key=lambda it: it.moment_ms), matched=matched)


def query_of(wanted: Wanted) -> str:
    """Write the query: lines whose JSON has one of the values behind one of the last keys."""
    terms = []
    for place, values in wanted.items():
        choices = "|".join(re.escape(value).replace(r"\*", '[^"]*') for value in values)
        # a number has no quotes, but something always ends it
        terms.append(rf'"{place.rpartition(".")[2]}": ?"?({choices})"?[,}}]')
    return (
        f"fields @timestamp, @log, @ptr, @message | filter @message like /{'|'.join(terms)}/"
        f" | sort @timestamp desc | limit {MOST_LINES}"
    )


def _asked(
    live: LiveRegion, groups: Sequence[str], start_ms: int, wanted: Wanted
) -> GetQueryResultsResponseTypeDef:
    logs: CloudWatchLogsClient = live.session.client("logs")
    query = logs.start_query(
        logGroupNames=groups,
        startTime=start_ms // 1000,
        endTime=int(time.time()) + 1,
        queryString=query_of(wanted),
    )["queryId"]
    deadline = time.monotonic() + _LONGEST_SECONDS
    while (answer := logs.get_query_results(queryId=query))["status"] not in _DONE:
        if time.monotonic() > deadline:
            logs.stop_query(queryId=query)
            break
        time.sleep(_PAUSE_SECONDS)
    if answer["status"] != "Complete":
        raise CommandError(
            f"{live.plan.region}: CloudWatch's search of the logs is {answer['status']}",
            next_step="look at a shorter time with --since",
        )
    return answer


def _lines(live: LiveRegion, answer: GetQueryResultsResponseTypeDef) -> Iterator[LogLine]:
    constructs = _constructs(live)
    for row in answer["results"]:
        fields = _fields(row)
        group = fields["@log"].rpartition(":")[2]  # "account:group" on AWS
        yield LogLine(
            # the embedded AWS has no pointers for lines of functions
            identifier=fields["@ptr"] or f"{fields['@timestamp']} {group} {fields['@message']}",
            moment_ms=_milliseconds(fields["@timestamp"]),
            region=live.plan.region,
            group=constructs.get(group, group),
            text=fields["@message"].rstrip(),
        )


def _constructs(live: LiveRegion) -> dict[str, str]:
    """Give what each log group is of, by the group's name."""
    return {
        it.physical_id: it.construct.removesuffix("Logs")
        for it in live.resources
        if it.kind == _LOG_GROUP
    }


def _fields(row: Sequence[ResultFieldTypeDef]) -> Mapping[str, str]:
    return {"@ptr": ""} | {
        it["field"]: it["value"] for it in row if "field" in it and "value" in it
    }


def _milliseconds(text: str) -> int:
    """Read Insights' `2026-01-31 12:00:00.000`, which is UTC."""
    moment = datetime.fromisoformat(text)
    return int(moment.replace(tzinfo=moment.tzinfo or UTC).timestamp() * 1000)


def _is_wanted(content: Mapping[str, Any], wanted: Wanted) -> bool:
    return any(
        fnmatchcase(str(_at(content, place)), value)
        for place, values in wanted.items()
        for value in values
    )


def _at(content: object, place: str) -> object:
    for key in place.split(".")[1:]:
        content = content.get(key) if isinstance(content, dict) else None
    return content
