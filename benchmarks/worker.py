"""How many messages the worker delivers in a second, beside one after another.

The real `endpoint.batch` and `endpoint.delivery` with the example integration deliver batches of 10
event batches to a partner's service in another process, which takes 20 ms for each. Prints one
table; all figures are of one run, in turns. Run it with `python -m benchmarks.worker`.
"""

from __future__ import annotations

import json
import os
import time
import uuid
from contextlib import redirect_stdout
from pathlib import Path
from statistics import median
from typing import Any, cast

from rich import box
from rich.console import Console
from rich.table import Table

from acme import Acme
from benchmarks.partner_service import partner_service
from endpoint.batch import Batch
from endpoint.delivery import Delivery
from endpoint.queue import MessageQueue
from probe.check_requests import request_named

SERVICE_MS = 20
BATCH = 10
BATCHES = 10
"""In a round."""
ROUNDS = 7
BUDGET = 8
"""Times as many as one after another, with ten at once."""


def main() -> None:
    """Measure and print."""
    with (
        partner_service(milliseconds=SERVICE_MS) as url,
        Path(os.devnull).open("w", encoding="utf-8") as nowhere,
    ):
        os.environ["PARTNER_API_URL"] = url
        cases = {parallel: _worker(parallel) for parallel in (1, 2, 5, BATCH)}
        rates: dict[int, list[float]] = {parallel: [] for parallel in cases}
        for _ in range(ROUNDS):
            for parallel, batch in cases.items():
                with redirect_stdout(nowhere):
                    rates[parallel].append(_rate(batch))
    _print({parallel: median(found) for parallel, found in rates.items()})


def _worker(parallel: int) -> Batch:
    """Make what `endpoint.worker` makes; nothing fails here, so no queue is ever called."""
    nobody = cast("MessageQueue", None)
    delivery = Delivery(Acme(), queue=nobody, dead_letters=nobody, attempts=12, max_breakdowns=6)
    return Batch(delivery, parallel=parallel)


def _rate(batch: Batch) -> float:
    """Give the messages a second of one round, every one of which is delivered."""
    batches = [[_record() for _ in range(BATCH)] for _ in range(BATCHES)]
    started = time.perf_counter()
    for records in batches:
        if failed := batch.deliver(records, remaining_seconds=30):
            raise RuntimeError(f"{len(failed)} messages were not delivered")
    return BATCH * BATCHES / (time.perf_counter() - started)


def _record() -> dict[str, Any]:
    return {
        "messageId": str(uuid.uuid4()),
        "receiptHandle": "receipt",
        "body": json.dumps(request_named("event_processing_request")),
        "attributes": {"ApproximateReceiveCount": "1", "MessageGroupId": "1001"},
    }


def _print(rates: dict[int, float]) -> None:
    print(f"One process, a partner's service that takes {SERVICE_MS} ms, batches of {BATCH}.\n")
    table = Table("at once", "messages a second", "x one after another", box=box.MARKDOWN)
    for parallel, rate in rates.items():
        table.add_row(str(parallel), f"{rate:.0f}", f"{rate / rates[1]:.1f}")
    Console(width=100).print(table)
    print(f"\nThe budget is {BUDGET} times with {BATCH} at once.")


if __name__ == "__main__":
    main()
