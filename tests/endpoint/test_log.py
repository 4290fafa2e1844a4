"""The lines of the log and their metrics, field by field."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from endpoint.log import Outcome, RequestLog
from endpoint.metrics import Tally

LEVELS: dict[Outcome, str] = {
    "answered": "INFO",
    "accepted": "INFO",
    "delivered": "INFO",
    "overflowed": "WARN",
    "diverted": "WARN",
    "suspended": "WARN",
    "retried": "WARN",
    "held": "WARN",
    "late": "WARN",
    "refused": "ERROR",
    "failed": "ERROR",
    "rejected": "ERROR",
    "dead": "ERROR",
}
"""WARN is what a person may look at, ERROR what one has to."""
COUNTS: dict[Outcome, dict[str, int]] = {
    "answered": {},
    "accepted": {"accepted": 1},
    "overflowed": {"overflowed": 1, "accepted": 1},
    "diverted": {"diverted": 1, "accepted": 1},
    "delivered": {"delivered": 1},
    "retried": {"retried": 1},
    "held": {"held": 1},
    "rejected": {"rejected": 1},
    "dead": {"dead": 1},
}


def line(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


@pytest.mark.parametrize("outcome", LEVELS)
def test_outcome_has_its_level(outcome: Outcome, capsys: pytest.CaptureFixture[str]) -> None:
    RequestLog().write(outcome)

    assert line(capsys)["level"] == LEVELS[outcome]


@pytest.mark.parametrize("outcome", COUNTS)
def test_outcome_counts_as_its_metrics(
    outcome: Outcome, capsys: pytest.CaptureFixture[str]
) -> None:
    RequestLog().write(outcome)

    found = line(capsys)
    metrics = [it["Metrics"] for it in found.get("_aws", {}).get("CloudWatchMetrics", [])]
    names = [metric["Name"] for some in metrics for metric in some]
    assert {name: found[name] for name in names} == COUNTS[outcome]


def test_line_has_its_time_and_duration(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter([5.0, 6.2345678])
    monkeypatch.setattr("endpoint.log.time", SimpleNamespace(perf_counter=lambda: next(clock)))

    RequestLog().write("answered")

    found = line(capsys)
    assert found["duration_ms"] == 1234.568
    written = datetime.fromisoformat(found["timestamp"])
    assert abs(written - datetime.now(UTC)) < timedelta(minutes=1)
    assert written.microsecond % 1000 == 0


def test_metric_is_of_its_namespace_function_and_moment(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("endpoint.metrics.time", SimpleNamespace(time=lambda: 1_700_000_000.1239))
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "acme-firehose")

    RequestLog().write("accepted")

    found = line(capsys)
    assert found["_aws"] == {
        "Timestamp": 1_700_000_000_123,
        "CloudWatchMetrics": [
            {
                "Namespace": "Firehose",
                "Dimensions": [["function"]],
                "Metrics": [{"Name": "accepted", "Unit": "Count"}],
            }
        ],
    }
    assert found["function"] == "acme-firehose"


def test_metric_outside_of_lambda_is_of_no_function(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_LAMBDA_FUNCTION_NAME", raising=False)

    RequestLog().write("accepted")

    assert line(capsys)["function"] == ""


def test_tally_takes_nothing_before_it_is_open(capsys: pytest.CaptureFixture[str]) -> None:
    tally = Tally()
    assert tally.add(["delivered"]) is False

    tally.open()
    assert tally.add(["delivered"]) is True
    tally.close()
    assert line(capsys)["delivered"] == 1
