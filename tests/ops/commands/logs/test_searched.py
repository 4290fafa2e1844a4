"""`firehose logs`: what it looks for, and since when."""

from __future__ import annotations

import time

import pytest

from ops.oncall.log_search import Wanted
from tests.ops.commands.logs.conftest import Found, Logs


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
