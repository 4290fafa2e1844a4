"""What the memory size of the function buys: processor time of start and message, peak of memory.

The packaged endpoint runs under AWS's own runtime client, as in `benchmarks.start`, and says of
itself how much processor time it took and how much memory at most. A function of 1,769 MB has one
processor, a smaller one that share of it (docs.aws.amazon.com/lambda, "Configure Lambda function
memory"); from that the second table is derived, not measured. Run it with
`python -m benchmarks.memory`.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from rich import box
from rich.console import Console
from rich.table import Table

from benchmarks.local_aws import local_aws
from benchmarks.runtime_api import run
from benchmarks.start import Case, cases, runtime_client
from local.service_calls import always
from local.stand_in import stand_in
from plan.quotas import ONE_PROCESSOR_MB

MEASURED = ("nothing", "direct", "direct, queued")
"""Cases of `benchmarks.start`."""
ROUNDS = 7
CALLS = 200
SIZES = (256, 512, 1024, ONE_PROCESSOR_MB)

_WRAPPER = """
import importlib, os, time
module, _, name = os.environ["MEASURED_HANDLER"].rpartition(".")
measured = getattr(importlib.import_module(module), name)
started, calls = time.process_time(), []

def handler(event, context):
    before = time.process_time()
    answer = measured(event, context)
    calls.append(time.process_time() - before)
    if len(calls) == int(os.environ["MEASURED_CALLS"]):
        # Of this program alone; ru_maxrss also knows the one that started it.
        (most,) = [line.split()[1] for line in open("/proc/self/status") if "VmHWM" in line]
        with open(os.environ["MEASURED_FILE"], "w") as file:
            file.write(f"{started} {sum(calls[1:]) / (len(calls) - 1)} {calls[0]} {most}")
    return answer
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """What one process used: seconds of processor time, and megabytes at most."""

    start: float
    message: float
    first_message: float
    megabytes: float


def main() -> None:
    """Measure and print."""
    with (
        tempfile.TemporaryDirectory() as scratch,
        local_aws() as aws,
        stand_in(always("ok")) as partner,
    ):
        folder = Path(scratch)
        runtime = runtime_client(folder)
        (folder / "wrapper").mkdir()
        (folder / "wrapper" / "wrapper.py").write_text(_WRAPPER)
        chosen = cases(folder, aws, partner.url)
        uses = {
            name: _median([_use(chosen[name], folder, runtime) for _ in range(ROUNDS)])
            for name in MEASURED
        }
    _print(uses)


def _use(case: Case, folder: Path, runtime: Path) -> Use:
    """Run one process to the end of its calls."""
    file = folder / "measured"
    wrapped = replace(
        case,
        environment=case.environment
        | {
            "MEASURED_HANDLER": case.handler,
            "MEASURED_FILE": str(file),
            "MEASURED_CALLS": str(CALLS),
        },
    )
    run(
        "wrapper.handler",
        [case.event] * CALLS,
        folders=[folder / "wrapper", case.code, runtime],
        environment=wrapped.environment,
    )
    start, message, first, kilobytes = map(float, file.read_text().split())
    return Use(start=start, message=message, first_message=first, megabytes=kilobytes / 1024)


def _median(uses: list[Use]) -> Use:
    return Use(
        start=median(use.start for use in uses),
        message=median(use.message for use in uses),
        first_message=median(use.first_message for use in uses),
        megabytes=median(use.megabytes for use in uses),
    )


def _print(uses: dict[str, Use]) -> None:
    console = Console(width=110)
    table = Table("measured", "start, ms", "first message, ms", "message, ms", "peak, MB")
    table.box = box.MARKDOWN
    for name, use in uses.items():
        milliseconds = [use.start * 1000, use.first_message * 1000, use.message * 1000]
        table.add_row(name, *(f"{value:.1f}" for value in milliseconds), f"{use.megabytes:.0f}")
    console.print(table)
    table = Table("derived, ms: start + first message, message", *(f"{mb} MB" for mb in SIZES))
    table.box = box.MARKDOWN
    for name, use in uses.items():
        cells = [
            f"{(use.start + use.first_message) * 1000 * ONE_PROCESSOR_MB / size:.0f}, "
            f"{use.message * 1000 * ONE_PROCESSOR_MB / size:.2f}"
            for size in SIZES
        ]
        table.add_row(name, *cells)
    console.print(table)


if __name__ == "__main__":
    main()
