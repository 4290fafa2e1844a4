"""The demo's services: for each region one in place of the partner's, and a ledger of their calls.

`python -m local.demo_services DEPLOYMENT LEDGER` writes a deployment file that leads each region to
its own, then a line of JSON for each call that arrives, until standard input closes.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TextIO

from console.planned_regions import planned
from console.whole_file import write_whole
from local.deployment_in_front import in_front_of_each
from local.service_calls import BEHAVIOURS, Behaviour, ReceivedCall
from local.stand_in import stand_in
from local.stand_in_doors import doors
from plan.names import DEPLOYMENT_FILE
from plan.region_plan import RegionPlan


class Ledger:
    """Where each call is written down: region, method and the URL it was meant for, no content."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._lock = threading.Lock()

    def note(self, region: str, call: ReceivedCall) -> None:
        """Write a call down; several threads may."""
        path = call.path.partition("?")[0]  # a query may hold a key
        line = {"region": region, "method": call.method, "origin": call.origin, "path": path}
        with self._lock:
            self._file.write(f"{json.dumps(line)}\n")


@contextmanager
def services(plans: Sequence[RegionPlan], ledger: Ledger) -> Iterator[dict[str, dict[str, str]]]:
    """Run a service for each region; give the environments that lead to them, by region."""
    with ExitStack() as stack:
        yield {plan.region: stack.enter_context(_service(plan, ledger)) for plan in plans}


@contextmanager
def _service(plan: RegionPlan, ledger: Ledger) -> Iterator[dict[str, str]]:
    def choose(call: ReceivedCall) -> Behaviour:
        ledger.note(plan.region, call)
        return BEHAVIOURS["ok"]

    with stand_in(choose) as service, doors(service, plan.function.environment) as environment:
        yield environment


def main() -> None:
    """Serve until whoever started this closes its standard input."""
    deployment, ledger = Path(sys.argv[1]), Path(sys.argv[2])
    own = Path(DEPLOYMENT_FILE)
    with (
        ledger.open("w", encoding="utf-8", buffering=1) as file,
        services(planned(own, None), Ledger(file)) as environments,
    ):
        # The file is there once they answer.
        write_whole(deployment, in_front_of_each(environments, own.read_text("utf-8")))
        sys.stdin.read()


if __name__ == "__main__":
    main()
