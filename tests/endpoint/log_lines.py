"""What the endpoint logs, kept from every thread."""

from __future__ import annotations

import io
import json
import time
from typing import Any

_PATIENCE_SECONDS = 60.0


class LogLines(io.TextIOBase):
    """Stands for standard output. Unlike pytest's capture it loses no line of another thread."""

    def __init__(self) -> None:
        self._written: list[str] = []

    def write(self, text: str) -> int:
        self._written.append(text)
        return len(text)

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Every line about a message so far, without those that only count."""
        lines = [json.loads(text) for text in list(self._written)]
        return [line for line in lines if "outcome" in line]

    @property
    def outcomes(self) -> list[str]:
        return [line["outcome"] for line in self.lines]

    def wait_for_late(self, count: int) -> None:
        """Wait for so many late results, lest another test sees their lines."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while self.outcomes.count("late") < count:
            assert time.monotonic() < deadline, self.outcomes
            time.sleep(0.01)
