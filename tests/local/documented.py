"""The shapes of JSON that docs/operations.md promises."""

from __future__ import annotations

import json
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "operations.md"


def documented_keys(command: str) -> list[str]:
    """Read the keys of one command's records from the page."""
    (row,) = (
        line for line in PAGE.read_text("utf-8").splitlines() if line.startswith(f"| `{command}` |")
    )
    return row.split("|")[2].strip().split(", ")


def records(command: str, stdout: str) -> list[dict[str, object]]:
    """Parse what a command wrote; every record has the keys that the page promises."""
    found: list[dict[str, object]] = json.loads(stdout)
    for record in found:
        assert list(record) == documented_keys(command)
    return found
