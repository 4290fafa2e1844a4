"""The shapes of JSON that docs/json-records.json promises."""

from __future__ import annotations

import json
from pathlib import Path

KEYS: dict[str, list[str]] = json.loads(
    (Path(__file__).parents[2] / "docs" / "json-records.json").read_text(encoding="utf-8")
)
"""The keys of each command's records, in their order."""


def records(command: str, stdout: str) -> list[dict[str, object]]:
    """Parse what a command wrote; every record has the keys that are promised."""
    found: list[dict[str, object]] = json.loads(stdout)
    for record in found:
        assert list(record) == KEYS[command]
    return found
