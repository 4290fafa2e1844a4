"""`firehose logs`: what it looks for, since when, and how it shows a line."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from console.exit_codes import CommandError
from ops.commands import logs as logs_command
from ops.live.region import LiveRegion
from ops.oncall.log_search import LogLine, LogSearch, Wanted
from probe.fresh_ids import with_fresh_ids
from tests.aws.cloud import FakeCloud
from tests.running import Ran, Run

REGIONS = ("us-east-1", "eu-central-1", "ap-southeast-2")
NOON_MS = 1_795_608_000_000
"""2026-11-25, 12:00 UTC."""
Logs = Callable[..., Ran]


def line(content: object, *, region: str = "us-east-1", later_ms: int = 0, **of: Any) -> LogLine:
    text = content if isinstance(content, str) else json.dumps(content)
    known = {"identifier": text, "group": "Endpoint", "moment_ms": NOON_MS + later_ms}
    return LogLine(region=region, text=text, **{**known, **of})


@dataclass
class Found:
    """What CloudWatch has, by region, and what it was asked for."""

    lines: dict[str, list[LogLine]] = field(default_factory=dict)
    matched: int = 0
    fails: set[str] = field(default_factory=set)
    asked: list[tuple[int, Wanted]] = field(default_factory=list)

    def search(self, live: LiveRegion, start_ms: int, wanted: Wanted) -> LogSearch:
        self.asked.append((start_ms, wanted))
        region = live.plan.region
        if region in self.fails:
            raise CommandError(f"{region}: no logs today", next_step="wait")
        lines = self.lines.get(region, [])
        return LogSearch(lines=lines, matched=max(self.matched, len(lines)))


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> Found:
    found = Found()
    monkeypatch.setattr("cloud.regions.session_in", FakeCloud().session)
    monkeypatch.setattr(logs_command, "search", found.search)
    return found


@pytest.fixture
def logs(run: Run, file: Path) -> Logs:
    environment = {"FIREHOSE_DEPLOYMENT": str(file)}
    return lambda *options: run("logs", *options, environment=environment)


def test_line_of_ours_has_its_facts(found: Found, logs: Logs) -> None:
    facts = {
        "level": "ERROR",
        "outcome": "failed",
        "message_type": "event_processing_request",
        "message_id": "m-1",
        "error": "KeyError",
        "where": "acme/__init__.py:7",
    }
    found.lines["us-east-1"] = [line({**facts, "timestamp": "2026-11-25T12:00:00Z"})]

    shown = logs("--format", "json")

    assert json.loads(shown.stdout) == [
        {"time": "2026-11-25T12:00:00Z", "region": "us-east-1", "log": "Endpoint", **facts}
    ]
    assert shown.returncode == 0
    assert shown.stderr.startswith("1 lines since ")
    assert len(shown.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ({"errorMessage": "out of memory", "message": "other"}, "out of memory"),
        ({"message": "of the integration"}, "of the integration"),
        ("no JSON at all", "no JSON at all"),
        ({"message": "x" * 200}, "x" * 200),
        ({"message": "x" * 201}, "x" * 200 + "…"),
    ],
)
def test_line_of_somebody_else_is_shown_as_it_was_logged(
    found: Found, logs: Logs, content: object, error: str
) -> None:
    found.lines["us-east-1"] = [line(content)]

    (row,) = json.loads(logs("--format", "json").stdout)

    assert row["error"] == error
    assert row["time"] == "2026-11-25T12:00:00.000+00:00"
    assert (row["level"], row["outcome"], row["message_id"], row["where"]) == (None,) * 4


def test_lines_of_all_regions_stand_in_the_order_they_were_logged(found: Found, logs: Logs) -> None:
    found.lines = {
        "us-east-1": [line("first"), line("third", later_ms=2)],
        "eu-central-1": [line("second", region="eu-central-1", later_ms=1)],
    }

    rows = json.loads(logs("--format", "json").stdout)

    assert [row["error"] for row in rows] == ["first", "second", "third"]


@pytest.mark.parametrize(
    ("since", "shown"), [("90m", "12:00:00"), ("6h", "12:00:00"), ("2d", "11-25 12:00:00")]
)
def test_table_has_the_date_only_where_there_are_several(
    found: Found, logs: Logs, since: str, shown: str
) -> None:
    found.lines["us-east-1"] = [line("boom")]

    (last,) = (it for it in logs("--since", since).stdout.splitlines() if "boom" in it)

    assert last.split() == [*shown.split(), "us-east-1", "Endpoint", "boom"]


@pytest.mark.parametrize(
    ("since", "seconds"), [((), 3_600), (("--since", "30m"), 1_800), (("--since", "2d"), 172_800)]
)
def test_search_begins_so_long_ago(
    found: Found, logs: Logs, since: tuple[str, ...], seconds: int
) -> None:
    before = time.time()
    logs("--region", "us-east-1", *since)

    ((start_ms, _),) = found.asked
    assert before - seconds <= start_ms / 1000 + 0.001
    assert start_ms / 1000 <= time.time() - seconds


@pytest.mark.parametrize("since", ["1", "h", "1w", "10000m", "x1h", "1hx"])
def test_time_that_is_none_is_wrong_usage(logs: Logs, since: str) -> None:
    refused = logs("--since", since)

    assert (refused.returncode, refused.stdout) == (2, "")
    assert f"--since: found {since!r}" in refused.stderr


def test_table_has_a_line_for_each_with_its_end_cut_off_where_a_terminal_has_no_room(
    found: Found, logs: Logs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    found.lines["us-east-1"] = [line({"error": "long and " * 50, "outcome": "failed"})]

    _, _, row = (it for it in logs().stdout.splitlines() if it.strip())

    assert row.split()[:4] == ["12:00:00", "us-east-1", "Endpoint", "long"]
    assert row.rstrip().endswith("…")


ERRORS = {
    "$.level": ("ERROR", "CRITICAL", "FATAL"),
    "$.log_level": ("ERROR", "CRITICAL"),
    "$.record.status": ("timeout", "error", "failure"),
    "$.status": ("5*",),
}
"""Of our functions and loggers, of the runtime, of Lambda's reports, of the HTTP API."""


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ((), ERRORS),
        (("--warnings",), {**ERRORS, "$.level": (*ERRORS["$.level"], "WARN", "WARNING")}),
        (("--id", "m-1"), {"$.message_id": ("m-1",), "$.account_id": ("m-1",)}),
    ],
)
def test_errors_are_looked_for_unless_told_otherwise(
    found: Found, logs: Logs, options: tuple[str, ...], wanted: Wanted
) -> None:
    logs("--region", "us-east-1", *options)

    assert [it for _, it in found.asked] == [wanted]


def test_lines_beyond_the_limit_are_counted_over_all_regions(found: Found, logs: Logs) -> None:
    found.lines["us-east-1"], found.matched = [line("boom")], 3

    shown = logs()

    assert shown.stderr.splitlines()[-2:] == [
        "8 older ones are not shown.",
        "Next: a shorter time with --since",
    ]


def test_region_that_fails_is_told_beside_the_lines_of_the_others(found: Found, logs: Logs) -> None:
    found.lines["us-east-1"], found.fails = [line("boom")], {"eu-central-1"}

    shown = logs()

    assert shown.returncode == 1
    assert "boom" in shown.stdout
    assert shown.stderr == "eu-central-1: no logs today\nNext: wait\n"


def refused(group: str, later_ms: int, region: str = "us-east-1", **of: str) -> LogLine:
    return line({"outcome": "refused", **of}, region=region, later_ms=later_ms, group=group)


def test_line_without_an_id_is_a_checks_only_near_one_of_its_function(
    found: Found, logs: Logs
) -> None:
    check = with_fresh_ids({})["id"]
    found.lines = {
        "us-east-1": [
            refused("Endpoint", 20_000, message_id=check),
            refused("Endpoint", 10_000),
            refused("Endpoint", 30_000),
            refused("Https", 20_000),
            refused("Endpoint", 9_999),
            line({"outcome": "failed"}, later_ms=20_000),
        ],
        "eu-central-1": [refused("Endpoint", 20_000, region="eu-central-1")],
    }

    rows = json.loads(logs("--format", "json").stdout)

    assert [(row["region"], row["log"], row["outcome"]) for row in rows] == [
        ("us-east-1", "Endpoint", "refused"),
        ("us-east-1", "Https", "refused"),
        ("us-east-1", "Endpoint", "failed"),
        ("eu-central-1", "Endpoint", "refused"),
    ]


def test_following_prints_each_new_line_once_until_ctrl_c(
    found: Found, logs: Logs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs_command, "_PAUSE_SECONDS", 0.0)
    found.lines["us-east-1"], found.fails = [line("first")], {"eu-central-1"}
    search, once = found.search, iter([True])

    def more(live: LiveRegion, start_ms: int, wanted: Wanted) -> LogSearch:
        if len(found.asked) == 3:
            found.lines["us-east-1"] = [line("first"), line("ü second", later_ms=1)]
        if len(found.asked) >= 9 and next(once, False):
            os.kill(os.getpid(), signal.SIGINT)
        return search(live, start_ms, wanted)

    monkeypatch.setattr(logs_command, "search", more)

    followed = logs("--follow", "--since", "6h")

    rows = [json.loads(it) for it in followed.stdout.splitlines()]
    assert [(row["error"], row["region"]) for row in rows] == [
        ("first", "us-east-1"),
        ("ü second", "us-east-1"),
    ]
    assert "ü" in followed.stdout
    assert followed.returncode == 0
    assert followed.stderr.startswith("eu-central-1: no logs today\nNext: wait\n")
    assert followed.stderr.endswith("Stopped following.\n")
    assert found.asked[0][0] < found.asked[3][0] - 21_000_000
    assert time.time() * 1000 - found.asked[-1][0] < 40_000
    assert time.time() * 1000 - found.asked[-1][0] >= 30_000


def test_nothing_is_followed_where_no_region_answers(found: Found, logs: Logs) -> None:
    found.fails = set(REGIONS)

    followed = logs("--follow")

    assert followed.returncode == 1
    assert len(found.asked) == 3
    assert "Stopped following" not in followed.stderr
