"""Errors are found by one query of CloudWatch Logs Insights, however many lines there are."""

from __future__ import annotations

import json
import re
import time
from typing import Any

import pytest

from cloud.stack import StackResource
from console.exit_codes import CommandError
from ops.commands.logs import ERRORS, WARNINGS
from ops.live.region import LiveRegion
from ops.oncall import log_search
from ops.oncall.log_search import LogLine, LogSearch, query_of, search
from plan.region_plan import RegionPlan
from probe.check_requests import request_named
from tests.aws.answers import StubbedSession
from tests.running import Run

NOW_MS = int(time.time() * 1000)


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch, plan: RegionPlan) -> StubbedSession:
    """Have a stack with two log groups, and no pause between two looks at a query."""
    monkeypatch.setattr(log_search, "_PAUSE_SECONDS", 0.0)
    session = StubbedSession()
    stub = session.stub("cloudformation")
    stack = {"StackName": plan.stack_name, "StackStatus": "CREATE_COMPLETE", "CreationTime": 0}
    stub.add_response("describe_stacks", {"Stacks": [stack]})
    groups = [
        {
            "LogicalResourceId": name,
            "PhysicalResourceId": f"/aws/lambda/{name}",
            "ResourceType": "AWS::Logs::LogGroup",
            "LastUpdatedTimestamp": 0,
            "ResourceStatus": "CREATE_COMPLETE",
        }
        for name in ("endpoint", "worker")
    ]
    stub.add_response("list_stack_resources", {"StackResourceSummaries": groups})
    return session


def row(content: dict[str, Any], *, at: str, pointer: str) -> list[dict[str, str]]:
    fields = {
        "@timestamp": at,
        "@log": "111122223333:/aws/lambda/endpoint",
        "@ptr": pointer,
        "@message": f"{json.dumps(content)}\n",
    }
    return [{"field": field, "value": value} for field, value in fields.items()]


def test_an_hour_of_seven_million_lines_is_one_query_and_a_few_looks(
    session: StubbedSession, plan: RegionPlan
) -> None:
    stub = session.stub("logs")
    stub.add_response("start_query", {"queryId": "q"})
    statistics = {"recordsMatched": 2.0, "recordsScanned": 7_000_000.0}
    for status in ("Scheduled", "Running", "Running"):
        stub.add_response("get_query_results", {"status": status, "results": []}, {"queryId": "q"})
    found = [
        row({"level": "ERROR", "error": "b"}, at="2026-11-24 12:00:00.500", pointer="2"),
        row({"level": "ERROR", "error": "a"}, at="2026-11-24 12:00:00.000", pointer="1"),
    ]
    answer = {"status": "Complete", "results": found, "statistics": statistics}
    stub.add_response("get_query_results", answer)

    result = search(LiveRegion(session, plan), 0, ERRORS)

    assert [line.content["error"] for line in result.lines] == ["a", "b"], "oldest first"
    assert [line.identifier for line in result.lines] == ["1", "2"]
    assert {line.group for line in result.lines} == {"endpoint"}
    assert result.lines[1].moment_ms - result.lines[0].moment_ms == 500
    stub.assert_no_pending_responses()


@pytest.mark.parametrize(("at_aws", "beyond"), [(2, 0), (5, 3)])
def test_only_lines_beyond_the_limit_count_as_older(
    session: StubbedSession, plan: RegionPlan, at_aws: int, beyond: int
) -> None:
    stub = session.stub("logs")
    stub.add_response("start_query", {"queryId": "q"})
    given = [
        row({"level": "ERROR"}, at="2026-11-24 12:00:00.000", pointer="1"),
        row({"level": "INFO", "of": {"level": "ERROR"}}, at="2026-11-24 12:00:00.000", pointer="2"),
    ]
    statistics = {"recordsMatched": float(at_aws)}
    answer = {"status": "Complete", "results": given, "statistics": statistics}
    stub.add_response("get_query_results", answer)

    found = search(LiveRegion(session, plan), 0, ERRORS)

    assert [it.identifier for it in found.lines] == ["1"]
    assert found.matched - len(found.lines) == beyond


def test_search_that_is_refused_is_told_with_the_next_step(
    session: StubbedSession, plan: RegionPlan
) -> None:
    session.stub("logs").add_response("start_query", {"queryId": "q"})
    session.stub("logs").add_response("get_query_results", {"status": "Failed", "results": []})

    with pytest.raises(CommandError, match=r"is Failed\nNext: look at a shorter time"):
        search(LiveRegion(session, plan), NOW_MS, ERRORS)


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ({"level": "ERROR", "outcome": "failed"}, True),
        ({"level": "INFO", "outcome": "answered"}, False),
        ({"log_level": "CRITICAL"}, True),
        ({"type": "platform.report", "record": {"status": "timeout"}}, True),
        ({"status": "503", "path": "/events"}, True),
        ({"status": "200", "path": "/events"}, False),
        ({"level": "WARN"}, False),
        ({"note": "level ERROR"}, False),
    ],
)
def test_query_lets_through_what_is_an_error(line: dict[str, Any], wanted: bool) -> None:
    pattern = query_of(ERRORS).partition("like /")[2].partition("/ | sort")[0]

    for text in (json.dumps(line), json.dumps(line, separators=(",", ":"))):
        assert bool(re.search(pattern, text)) is wanted


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ({"outcome": "answered", "message_id": "m-1", "account_id": 7}, True),
        ({"outcome": "answered", "message_id": "other", "account_id": 1001}, True),
        ({"outcome": "answered", "account_id": 10011}, False),
        ({"outcome": "answered", "message_id": "m-11"}, False),
    ],
)
def test_lines_of_one_message_or_customer_are_wanted_by_its_id(
    line: dict[str, Any], wanted: bool
) -> None:
    asked = {"$.message_id": ("m-1", "1001"), "$.account_id": ("m-1", "1001")}
    pattern = query_of(asked).partition("like /")[2].partition("/ | sort")[0]

    for text in (json.dumps(line), json.dumps(line, separators=(",", ":"))):
        assert bool(re.search(pattern, text)) is wanted


def test_warnings_are_wanted_on_demand() -> None:
    pattern = query_of(WARNINGS).partition("like /")[2].partition("/ | sort")[0]

    assert re.search(pattern, '{"level":"WARN"}')


def test_line_is_of_the_construct_that_logged_it(session: StubbedSession, plan: RegionPlan) -> None:
    live = LiveRegion(session, plan)
    live.__dict__["resources"] = (
        StackResource(
            logical_id="DeliveryWorkerLogs0A1B2C3D",
            physical_id="/aws/lambda/endpoint",
            kind="AWS::Logs::LogGroup",
        ),
    )
    session.stub("logs").add_response("start_query", {"queryId": "q"})
    found = [row({"level": "ERROR"}, at="2026-11-24 12:00:00.500", pointer="2")]
    answer = {"status": "Complete", "results": found, "statistics": {}}
    session.stub("logs").add_response("get_query_results", answer)

    (line,) = search(live, 0, ERRORS).lines

    assert line.group == "DeliveryWorker"


def test_errors_are_a_line_each_without_those_that_verify_provokes(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[dict[str, Any]] = [
        {"outcome": "refused", "message_id": request_named("dsr_processing_request")["id"]},
        {"outcome": "failed", "message_id": request_named("dsr_processing_request")["id"]},
        {"outcome": "refused", "message_id": "d6aa20f6-0f0d-4a4c-8c2a-000000000000"},
        {"outcome": "refused", "at": 9_000},
        {"outcome": "refused", "at": 11_000},
    ]
    found = LogSearch(
        lines=[
            LogLine(
                identifier=str(number),
                moment_ms=int(line.pop("at", number)),
                region="us-east-1",
                group="Endpoint",
                text=json.dumps({**line, "level": "ERROR", "error": f"Error{number} " + "x" * 99}),
            )
            for number, line in enumerate(lines)
        ],
        matched=5,
    )
    monkeypatch.setattr("cloud.regions.session_in", lambda _: None)
    monkeypatch.setattr("ops.commands.logs.search", lambda *_: found)

    result = run("logs", "--region", "us-east-1", environment={})

    shown = [line for line in result.stdout.splitlines() if "Error" in line]
    assert [line.split()[:4] for line in shown] == [
        ["00:00:00", "us-east-1", "Endpoint", "Error1"],
        ["00:00:00", "us-east-1", "Endpoint", "Error2"],
        ["00:00:11", "us-east-1", "Endpoint", "Error4"],
    ]
    assert result.returncode == 0
