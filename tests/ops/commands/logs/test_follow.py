"""`firehose logs --follow`: each new line once, until Ctrl-C."""

from __future__ import annotations

import json
import os
import signal
import time

import pytest

from ops.commands import logs as logs_command
from ops.live.region import LiveRegion
from ops.oncall.log_search import LogSearch, Wanted
from tests.ops.commands.logs.conftest import REGIONS, Found, Logs, line


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
