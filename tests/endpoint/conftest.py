"""Requests as mParticle sends them; the same messages that `firehose verify` sends."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from local.service_calls import always
from local.stand_in import stand_in
from tests.endpoint.log_lines import LogLines

MESSAGES = Path(__file__).parents[2] / "probe" / "messages"


@pytest.fixture(params=sorted(MESSAGES.glob("*.json")), ids=lambda file: file.stem)
def request_message(request: pytest.FixtureRequest) -> dict[str, Any]:
    """One of each request type, and both idle requests."""
    message: dict[str, Any] = json.loads(request.param.read_text(encoding="utf-8"))
    return message


@pytest.fixture
def membership_change() -> dict[str, Any]:
    file = MESSAGES / "audience_membership_change_request.json"
    message: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return message


@pytest.fixture(scope="session")
def partner_url() -> Iterator[str]:
    """Run a partner's service that takes everything, for the packaged example."""
    with stand_in(always("ok")) as server:
        yield server.url


@pytest.fixture
def log_lines(monkeypatch: pytest.MonkeyPatch) -> LogLines:
    lines = LogLines()
    # not sys.stdout itself: pytest changes it between a test's fixtures and its call
    monkeypatch.setattr("endpoint.metrics.sys", SimpleNamespace(stdout=lines))
    return lines
