"""What `serve` prints: a line for each request, each delivery and each call; no content."""

from __future__ import annotations

import textwrap
import threading
from typing import TextIO

from local.service_calls import ServiceExchange
from workbench.partner_trace import bug_of
from workbench.passages import Passage
from workbench.studio.journey import Journey
from workbench.studio.journeys import MOST
from workbench.studio.records import row_of


class Narration:
    """Tells of journeys as they go on, everything once; several threads may tell."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._told: dict[int, int] = {}
        self._problem = ""
        self._lock = threading.Lock()

    def line(self, text: str) -> None:
        """Tell something."""
        self._out.write(f"{text}\n")
        self._out.flush()

    def problem(self, text: str) -> None:
        """Tell that the code cannot be loaded, or can be again, when that changes."""
        if text != self._problem:
            self.line(textwrap.indent(text, "  ") if text else "The code is loaded again.")
            self._problem = text

    def changed(self, journey: Journey) -> None:
        """Tell of the passages of a journey that have ended since it was told of last."""
        if journey.outcome is None:
            return
        with self._lock:
            told = self._told.get(journey.number, 0)
            ended = journey.passages
            self._told[journey.number] = len(ended)
            self._told.pop(journey.number - MOST, None)
            if not told:
                self._answered(journey)
            for tried, passage in journey.tries[max(0, told - 1) :]:
                again = f", again in {tried.wait_seconds} s" if tried.wait_seconds else ""
                error = f", {tried.error}" if tried.error else ""
                about = f"{tried.message_type} {tried.message_id}"
                self.line(f"worker {tried.outcome} {about}{error}{again}")
                self._calls(passage, journey)

    def _answered(self, journey: Journey) -> None:
        row = row_of(journey)
        about = f" {row['type']} {row['id']}".rstrip()
        error = f", {row['error']}" if row["error"] else ""
        self.line(f"{journey.way} {row['status']}{about} in {row['ms']:.1f} ms{error}")
        if journey.answered:
            self._calls(journey.answered, journey)

    def _calls(self, passage: Passage, journey: Journey) -> None:
        for exchange in passage.exchanges:
            self.line(f"  call {_told_of(exchange)}")
        for error in passage.errors:
            if bug := bug_of(error, journey.request):
                self.line(textwrap.indent(f"raised\n{bug.trace}", "  "))


def _told_of(exchange: ServiceExchange) -> str:
    """Tell of a call to the partner's service: its place, not what it carries."""
    path = exchange.call.path.partition("?")[0]
    answer = "cut" if exchange.answer.resets else exchange.answer.status
    return f"{exchange.call.method} {path} {answer}"
