"""How CloudWatch Logs is asked, how long it is waited for, and what its answer is read as."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from cloud.stack import StackResource
from console.exit_codes import CommandError
from ops.live.region import LiveRegion
from ops.oncall import log_search
from ops.oncall.log_search import LogLine, search
from tests.aws.service import Service

WANTED = {"$.level": ("ERROR",), "$.record.status": ("time*",)}
NOON_MS = 1_795_608_000_000
"""2026-11-25, 12:00 UTC."""


class Insights(Service):
    """CloudWatch Logs Insights: every query is done after `looks` looks."""

    name = "logs"

    def __init__(self) -> None:
        super().__init__(checked=True)
        self.asked: list[dict[str, Any]] = []
        self.stopped: list[str] = []
        self.looks, self.ends_as = 1, "Complete"
        self.rows: list[list[dict[str, str]]] = []
        self.statistics: dict[str, float] = {}
        self.now = 0.0

    def start_query(self, **asked: Any) -> dict[str, Any]:
        self.asked.append(asked)
        return {"queryId": f"query-{len(self.asked)}"}

    def get_query_results(self, *, queryId: str) -> dict[str, Any]:  # noqa: N803 - as AWS names it
        assert queryId == f"query-{len(self.asked)}"
        self.looks -= 1
        status = "Running" if self.looks > 0 else self.ends_as
        return {"status": status, "results": self.rows, "statistics": self.statistics}

    def stop_query(self, *, queryId: str) -> dict[str, Any]:  # noqa: N803 - as AWS names it
        self.stopped.append(queryId)
        return {"success": True}

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def logs(monkeypatch: pytest.MonkeyPatch) -> Insights:
    """Let nobody wait in earnest."""
    logs = Insights()
    clock = SimpleNamespace(
        time=lambda: NOON_MS / 1000 + 0.7, monotonic=lambda: logs.now, sleep=logs.sleep
    )
    monkeypatch.setattr(log_search, "time", clock)
    return logs


def live(logs: Insights, *groups: str) -> LiveRegion:
    kind = "AWS::Logs::LogGroup"
    resources = [
        StackResource(logical_id=f"{it}Logs0A1B2C3D", physical_id=f"/aws/{it}", kind=kind)
        for it in groups
    ]
    region: Any = SimpleNamespace(
        plan=SimpleNamespace(region="eu-central-1"),
        session=SimpleNamespace(client=lambda name: {"logs": logs}[name]),
        resources=[
            *resources,
            StackResource(logical_id="Queue1", physical_id="/aws/Worker", kind="AWS::SQS::Queue"),
        ],
        physical_ids=lambda kind: [it.physical_id for it in resources if it.kind == kind],
    )
    return cast("LiveRegion", region)


def row(message: str, *, time: str = "2026-11-25 12:00:00.250", **other: str) -> list[Any]:
    fields = {"@timestamp": time, "@log": "111122223333:/aws/Worker", "@message": message, **other}
    return [{"field": name.replace("ptr", "@ptr"), "value": it} for name, it in fields.items()]


def test_fifty_groups_are_asked_for_at_once_from_the_moment_until_now(logs: Insights) -> None:
    groups = [f"g{number}" for number in range(51)]

    search(live(logs, *groups), NOON_MS - 1_500, WANTED)

    assert [it["logGroupNames"] for it in logs.asked] == [
        [f"/aws/{it}" for it in groups[:50]],
        ["/aws/g50"],
    ]
    assert {(it["startTime"], it["endTime"]) for it in logs.asked} == {
        (NOON_MS // 1000 - 2, NOON_MS // 1000 + 1)
    }


def test_query_asks_for_the_newest_thousand_by_either_key(logs: Insights) -> None:
    search(live(logs, "Worker"), 0, WANTED)

    (asked,) = logs.asked
    assert asked["queryString"] == (
        'fields @timestamp, @log, @ptr, @message | filter @message like /"level": ?"?(ERROR)"?[,}]'
        '|"status": ?"?(time[^"]*)"?[,}]/ | sort @timestamp desc | limit 1000'
    )


def test_query_is_looked_at_twice_a_second_until_it_is_done(logs: Insights) -> None:
    logs.looks = 5

    search(live(logs, "Worker"), 0, WANTED)

    assert logs.now == 2.0
    assert logs.stopped == []


def test_query_that_takes_more_than_two_minutes_is_stopped(logs: Insights) -> None:
    logs.looks = 1_000

    with pytest.raises(CommandError, match="eu-central-1: CloudWatch's search of the logs is Run"):
        search(live(logs, "Worker"), 0, WANTED)

    assert logs.stopped == ["query-1"]
    assert logs.now == 120.5


@pytest.mark.parametrize("status", ["Failed", "Cancelled", "Timeout"])
def test_query_that_ends_otherwise_is_told_at_once(logs: Insights, status: str) -> None:
    logs.ends_as = status

    with pytest.raises(CommandError, match=f"search of the logs is {status}"):
        search(live(logs, "Worker"), 0, WANTED)

    assert logs.now == 0


def test_query_that_finds_nothing_has_matched_nothing(logs: Insights) -> None:
    found = search(live(logs, "Worker"), 0, WANTED)

    assert (found.lines, found.matched) == ([], 0)


def test_line_has_its_moment_its_construct_and_its_text(logs: Insights) -> None:
    text = '{"level": "ERROR"}'
    logs.rows = [row(f"{text}\n", ptr="pointer-1")]

    assert search(live(logs, "Worker"), NOON_MS + 250, WANTED).lines == [
        LogLine(
            identifier="pointer-1",
            moment_ms=NOON_MS + 250,
            region="eu-central-1",
            group="Worker",
            text=text,
        )
    ]


def test_line_without_a_pointer_is_known_by_all_that_it_has(logs: Insights) -> None:
    logs.rows = [[*row('{"level": "ERROR"}'), {"field": "@ptr"}]]

    (line,) = search(live(logs, "Worker"), 0, WANTED).lines

    assert line.identifier == '2026-11-25 12:00:00.250 /aws/Worker {"level": "ERROR"}'


def test_group_of_nobody_we_know_keeps_its_name(logs: Insights) -> None:
    logs.rows = [row('{"level": "ERROR"}')]

    (line,) = search(live(logs, "Other"), 0, WANTED).lines

    assert line.group == "/aws/Worker"


def test_time_with_a_zone_keeps_it(logs: Insights) -> None:
    logs.rows = [row('{"level": "ERROR"}', time="2026-11-25T13:00:00.250+01:00")]

    (line,) = search(live(logs, "Worker"), 0, WANTED).lines

    assert line.moment_ms == NOON_MS + 250


@pytest.mark.parametrize(
    ("message", "wanted"),
    [
        ('{"record": {"status": "timeout"}}', True),
        ('{"record": {"status": "Timeout"}}', False),
        ('{"record": "timeout"}', False),
        ('{"status": "timeout"}', False),
        ('["ERROR"]', False),
        ('ERROR "level": "ERROR"', False),
    ],
)
def test_line_is_wanted_by_the_place_of_its_value(
    logs: Insights, message: str, *, wanted: bool
) -> None:
    logs.rows = [row(message)]

    found = search(live(logs, "Worker"), 0, WANTED)

    assert (len(found.lines), found.matched) == (int(wanted), int(wanted))


def test_line_of_the_second_before_the_moment_is_left_out(logs: Insights) -> None:
    logs.rows = [row('{"level": "ERROR"}')]

    assert search(live(logs, "Worker"), NOON_MS + 251, WANTED).lines == []


def test_groups_of_both_queries_are_counted_and_sorted_together(logs: Insights) -> None:
    logs.rows = [row('{"level": "ERROR"}'), row('{"level": "ERROR"}', time="2026-11-25 11:00:00")]
    logs.statistics = {"recordsMatched": 5.0}

    found = search(live(logs, *(f"g{number}" for number in range(51))), 0, WANTED)

    assert [it.moment_ms - NOON_MS for it in found.lines] == [-3_600_000] * 2 + [250] * 2
    assert found.matched == 10
