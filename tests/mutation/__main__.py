"""`python -m tests.mutation`: break the product on purpose; tell what no test notices.

Ends with 1 if in a room more survive than may.
"""

from __future__ import annotations

import argparse
import os
import sys
import tomllib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from random import Random

from tests.mutation.mutations import Mutation, equivalent, mutations
from tests.mutation.room_tests import measured

ROOT = Path(__file__).parents[2]
ROOMS = Path(__file__).with_name("rooms.toml")
HEAVY = ("boto3", "hypothesis.strategies", "msgspec", "pydantic", "rich.table", "typer")
"""Imported once, before the processes part; nothing of the product, which may be mutated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """Modules, the tests that touch them, how many of 100 mutations may survive.

    `first` is the file that notices most, where that is known.
    """

    modules: Sequence[str]
    tests: Sequence[str]
    percent: int
    first: str = ""

    def files(self, chosen: Sequence[Path]) -> list[Path]:
        """Give the modules that are, or are in, what was chosen; all of them if nothing was."""
        files = sorted(file for it in self.modules for file in ROOT.glob(it))
        among = [it.resolve() for it in chosen or [ROOT]]
        return [file for file in files if any(file.is_relative_to(it) for it in among)]


def main() -> int:
    """Try the mutations of the chosen modules, all of a room's in turn."""
    options = _options()
    for name in HEAVY:
        import_module(name)
    fine = True
    for name, described in tomllib.loads(ROOMS.read_text("utf-8")).items():
        room = Room(**described)
        if files := room.files(options.modules):
            fine = _share(name, room, files, options) <= room.percent and fine
    return int(not fine)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("modules", nargs="*", type=Path, help="files or folders; by default all")
    parser.add_argument("--sample", type=int, help="so many of each module; by default all")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes at once")
    return parser.parse_args()


def _share(name: str, room: Room, files: Sequence[Path], options: argparse.Namespace) -> float:
    """Try a room, and say at once what survives; give how many percent do."""
    tried = survived = 0
    tests = measured(room.tests, files, room.first)
    with ThreadPoolExecutor(options.jobs) as pool:  # of threads that wait for processes
        for file in files:
            chosen = _chosen(file, options.sample)
            print(f"{file.relative_to(ROOT)}: {len(chosen)} mutations", flush=True)
            for mutation, noticed in zip(chosen, pool.map(tests.notice, chosen), strict=True):
                tried, survived = tried + 1, survived + (not noticed)
                if not noticed:
                    print(f"  {mutation}", flush=True)
    share = 100 * survived / max(tried, 1)
    print(
        f"{name}: {survived} of {tried} survive, {share:.1f} %; at most {room.percent} %",
        flush=True,
    )
    return share


def _chosen(file: Path, sample: int | None) -> list[Mutation]:
    """Give the mutations of a module that can be seen, or some of them."""
    module = str(file.relative_to(ROOT))
    listed = [(it["source"], it["change"]) for it in equivalent() if it["module"] == module]
    found = [it for it in mutations(file) if (it.source, it.change) not in listed]
    return Random(1).sample(found, sample) if sample and sample < len(found) else found


if __name__ == "__main__":
    sys.exit(main())
