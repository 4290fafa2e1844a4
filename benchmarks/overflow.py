"""How long mParticle waits for an answer while the partner's API is dead, slow or flapping.

The real `endpoint.answering` with `endpoint.overflow` and the example integration answer batches of
events, one every 5 ms for some seconds, in front of a partner's service in another process that is
well, refuses connections, takes 5 s, or alternates. The queue takes 8 ms, as SQS does in a
region. Prints one table, in milliseconds. Run it with `python -m benchmarks.overflow`.
"""

from __future__ import annotations

import json
import os
import socket
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, redirect_stdout
from io import StringIO
from statistics import quantiles
from typing import Any, cast

from rich import box
from rich.console import Console
from rich.table import Table

from acme import Acme
from benchmarks.partner_service import partner_service
from endpoint.acceptance import Acceptance
from endpoint.answering import answer
from endpoint.overflow import Overflow
from endpoint.queue import MessageQueue
from endpoint.threads import SystemThreads
from plan.delivery import Processing
from plan.https import Https
from probe.check_requests import request_named

SECONDS = 10.0
BETWEEN_SECONDS = 0.005
STORE_SECONDS = 0.008
SLOW_MS = 5_000
SPARE_MS = 30
"""What an answer may take above the budget."""
BUDGETS_MS = {"lambda": Processing().overflow_ms, "https": Https().overflow_ms}


class _Queue:
    """Takes every message after a while."""

    def send(self, _body: str, **_: object) -> None:
        time.sleep(STORE_SECONDS)


def main() -> None:
    """Measure and print."""
    services: dict[str, AbstractContextManager[str]] = {
        "well, 20 ms": partner_service(milliseconds=20),
        "dead": _nobody(),
        "slow, 5 s": partner_service(milliseconds=SLOW_MS),
        "flapping every 2 s": partner_service(milliseconds=SLOW_MS, well_ms=2_000),
    }
    headings = ("budget", "p50", "p99", "worst", "answered", "overflowed", "diverted")
    table = Table("API", *headings, box=box.MARKDOWN)
    for name, service in services.items():
        with service as url:
            os.environ["PARTNER_API_URL"] = url
            for budget_ms in BUDGETS_MS.values():
                _add(table, name, budget_ms)
    print(f"An event batch every {BETWEEN_SECONDS * 1000:.0f} ms for {SECONDS:.0f} s.\n")
    Console(width=100).print(table)
    print(f"\nNo p99 may be above its budget and {SPARE_MS} ms.")


def _add(table: Table, name: str, budget_ms: int) -> None:
    taken, outcomes = _answers(budget_ms)
    p50, p99 = quantiles(taken, n=2)[0], quantiles(taken, n=100)[98]
    mark = "" if p99 <= budget_ms + SPARE_MS else " !"
    counts = (str(outcomes[outcome]) for outcome in ("answered", "overflowed", "diverted"))
    times = (f"{p50:.1f}", f"{p99:.1f}{mark}", f"{max(taken):.1f}")
    table.add_row(name, str(budget_ms), *times, *counts)


def _answers(budget_ms: int) -> tuple[list[float], Counter[str]]:
    integration = Acme()
    overflow = Overflow(budget_seconds=budget_ms / 1000, threads=SystemThreads())
    queue = cast("MessageQueue", _Queue())
    acceptance = Acceptance(queue, overflowing=("events",), overflow=overflow)
    request, taken = request_named("event_processing_request"), []
    with redirect_stdout(StringIO()) as log:
        end = time.perf_counter() + SECONDS
        while (started := time.perf_counter()) < end:
            answer(integration, request, acceptance)
            taken.append((time.perf_counter() - started) * 1000)
            time.sleep(BETWEEN_SECONDS)
    lines: list[dict[str, Any]] = [json.loads(line) for line in log.getvalue().splitlines()]
    return taken, Counter(line["outcome"] for line in lines)


@contextmanager
def _nobody() -> Iterator[str]:
    """Give a URL where nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


if __name__ == "__main__":
    main()
