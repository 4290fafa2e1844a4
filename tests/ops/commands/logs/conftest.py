"""What CloudWatch has of three regions, and `firehose logs` that looks for it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from console.exit_codes import CommandError
from ops.commands import logs as logs_command
from ops.live.region import LiveRegion
from ops.oncall.log_search import LogLine, LogSearch, Wanted
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
