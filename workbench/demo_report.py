"""What the partner's integration did in the demo: its calls by region, address and family.

`python -m workbench.demo_report LEDGER`, where `local.demo_services` wrote the ledger.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from cloud.queues import wait_for_depths
from cloud.regions import session_in
from cloud.stack import deployed_stack
from console.exit_codes import CommandError
from console.output import Format, Record, say, write
from console.planned_regions import planned
from endpoint.http_request import MESSAGE_TYPES, OPEN_PATH
from plan.names import DEPLOYMENT_FILE, DEPLOYMENT_VARIABLE
from plan.region_plan import RegionPlan
from probe.check_requests import request_named
from workbench.contract.stage_in_process import stage_in_process

_UNKNOWN = "?"
_ID = re.compile(r"(?<=/)(?=[^/]*\d)[\w%.@+~-]{6,}(?=/|$)")
"""A part of a path that looks like somebody's or something's id."""
_DRAIN_SECONDS = 20.0

CallName = tuple[str, str]
"""Method and path of a call, without its query and ids."""


def call_name(method: str, path: str) -> CallName:
    """Name a call as others for the same purpose are named."""
    return method, _ID.sub("…", path.partition("?")[0])


def families_of_calls(plan: RegionPlan) -> dict[CallName, str]:
    """Find out which family's messages lead to which calls, with one of each in this process.

    Nothing for another artifact than our package.
    """
    if plan.function.integration is None:
        return {}
    found: defaultdict[CallName, set[str]] = defaultdict(set)
    with stage_in_process(plan, entered={}) as stage:
        for family, name in _sent():
            before = len(stage.service.received) if stage.service else 0
            stage.send(request_named(name))
            stage.drain()
            for call in stage.service.received[before:] if stage.service else ():
                found[call_name(call.method, call.path)].add(family)
    return {call: ", ".join(sorted(families)) for call, families in found.items()}


def _sent() -> Iterator[tuple[str, str]]:
    """Give each type of message that reaches a service, after its family."""
    for family, types in MESSAGE_TYPES.items():
        if family != OPEN_PATH:
            yield from ((family, name) for name in sorted(types))


def records_of(
    ledger: Iterable[Mapping[str, str]], families: Mapping[CallName, str], regions: Sequence[str]
) -> list[Record]:
    """Count calls by region, address, what is called, and family; in the regions' order."""
    counts = Counter(
        (line["region"], line["origin"], *call_name(line["method"], line["path"]))
        for line in ledger
    )
    ordered = sorted(counts.items(), key=lambda it: (regions.index(it[0][0]), it[0]))
    return [
        {
            "region": region,
            "family": families.get((method, path), _UNKNOWN),
            "call": f"{method} {origin}{path}",
            "times": times,
        }
        for (region, origin, method, path), times in ordered
    ]


def shared_addresses(plans: Sequence[RegionPlan]) -> Iterator[str]:
    """Say which regions deliver to one address, which is how a missing one of its own shows."""
    regions: defaultdict[str, list[str]] = defaultdict(list)
    for plan in plans:
        for url in plan.service_urls.values():
            regions[url].append(plan.region)
    for url, those in regions.items():
        if len(those) > 1:
            yield (
                f"{' and '.join(those)} deliver to the same {url}; [regions.REGION.environment] in"
                f" {DEPLOYMENT_FILE} gives a region an address of its own"
            )


def _wait_until_delivered(plans: Sequence[RegionPlan]) -> None:
    """Wait until no queue holds a message, at most as long as the demo can."""
    deadline = time.monotonic() + _DRAIN_SECONDS
    for plan in plans:
        session = session_in(plan.region)
        stack = deployed_stack(session, plan)
        wait_for_depths(session, stack, lambda it: not it.undelivered, until=deadline)


def main() -> None:
    """Print the table, and the integration's name with what it did."""
    own = planned(Path(DEPLOYMENT_FILE), None)
    _wait_until_delivered(planned(Path(os.environ[DEPLOYMENT_VARIABLE]), None))
    ledger = [json.loads(line) for line in Path(sys.argv[1]).read_text("utf-8").splitlines()]
    name = own[0].function.integration or str(own[0].function.package)
    if not ledger:
        raise CommandError(
            f"{name} called no service",
            next_step="put your API's URL into [environment]; firehose try shows what it does",
        )
    write(
        records_of(ledger, families_of_calls(own[0]), [plan.region for plan in own]),
        form=Format.TABLE,
    )
    say(f"{name} made {len(ledger)} calls.")
    for line in shared_addresses(own):
        say(line)


if __name__ == "__main__":
    try:
        main()
    except CommandError as error:
        say(str(error))
        sys.exit(error.exit_code)
