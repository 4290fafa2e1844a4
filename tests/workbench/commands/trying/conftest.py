"""An integration that calls its API, and a message of somebody."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.workbench.commands.trying.tried import ADDRESS, HOOKS, KEY, configure
from tests.workbench.partner_code import message_of


@pytest.fixture(autouse=True)
def acme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Configure an integration that calls its API."""
    configure(tmp_path, HOOKS, monkeypatch, name="acme_tried")


@pytest.fixture
def batch(tmp_path: Path) -> Path:
    """Give an event batch of a user with a key, as mParticle sends it."""
    content = message_of("event_processing_request")
    content["account"] = {"account_id": 1, "account_settings": {"apiKey": KEY}}
    content["user_identities"] = [{"type": "email", "encoding": "raw", "value": ADDRESS}]
    file = tmp_path / "batch.json"
    file.write_text(json.dumps(content))
    return file
