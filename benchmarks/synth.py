"""What `cdk synth` costs beside an empty app, and what each further region adds.

Prints two tables of processor seconds, the CDK CLI and its `build` command included, the best of
several rounds in turns. Run it with `python -m benchmarks.synth`.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
ROUNDS = 3
SIZES = (1, 3, 10, 20, 30)
BAR = 30
CASES = {
    "empty": ("empty", 3, "none"),
    "ours, no pack": ("ours", 3, "none"),
    "ours, own rules": ("ours", 3, "own"),
    "ours, both nag packs": ("ours", 3, "nag"),
    "ours, all packs": ("ours", 3, "all"),
}
"""Content, regions and packs of `benchmarks.synth_app`."""


def main() -> None:
    """Measure and print."""
    console = Console()
    timings: dict[str, list[float]] = {name: [] for name in CASES}
    for _ in range(ROUNDS):
        for name, case in CASES.items():
            timings[name].append(seconds(*case))
    best = {name: min(times) for name, times in timings.items()}
    table = Table("three regions", "seconds", "times empty", box=box.MARKDOWN)
    for name, time_taken in best.items():
        table.add_row(name, f"{time_taken:.1f}", f"{time_taken / best['empty']:.2f}")
    console.print(table)
    growth = {size: seconds("ours", size, "all") for size in SIZES}
    longest = max(growth.values())
    table = Table("regions", "seconds", "a further region", "", box=box.MARKDOWN)
    before = None
    for size, time_taken in growth.items():
        further = "" if before is None else f"{(time_taken - before[1]) / (size - before[0]):.2f}"
        table.add_row(
            str(size), f"{time_taken:.1f}", further, "█" * round(BAR * time_taken / longest)
        )
        before = (size, time_taken)
    console.print(table)


def seconds(content: str, regions: int, packs: str) -> float:
    """Give the processor time of `cdk synth` of one app."""
    app = f"{sys.executable} -m benchmarks.synth_app {content} {regions} {packs}"
    with tempfile.TemporaryDirectory() as output:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            ["cdk", "synth", "--quiet", "--no-notices", "--app", app, "--output", output],  # noqa: S607 - the pinned CLI of the environment
            cwd=ROOT,
            check=True,
            capture_output=True,
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


if __name__ == "__main__":
    main()
