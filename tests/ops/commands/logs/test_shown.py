"""`firehose logs`: how it shows a line, and which ones it leaves out."""

from __future__ import annotations

import json
import sys

import pytest

from ops.oncall.log_search import LogLine
from probe.fresh_ids import with_fresh_ids
from tests.ops.commands.logs.conftest import Found, Logs, line


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


def test_table_has_a_line_for_each_with_its_end_cut_off_where_a_terminal_has_no_room(
    found: Found, logs: Logs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    found.lines["us-east-1"] = [line({"error": "long and " * 50, "outcome": "failed"})]

    _, _, row = (it for it in logs().stdout.splitlines() if it.strip())

    assert row.split()[:4] == ["12:00:00", "us-east-1", "Endpoint", "long"]
    assert row.rstrip().endswith("…")


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
