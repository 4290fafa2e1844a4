"""`python -m tests.mutation`: break the product on purpose; tell what no test notices."""

from __future__ import annotations

import argparse
import os
import sys
import tomllib
from importlib import import_module
from pathlib import Path
from random import Random

from tests.mutation.mutations import mutations
from tests.mutation.trials import Trial, try_room

ROOT = Path(__file__).parents[2]
EQUIVALENT = Path(__file__).with_name("equivalent.toml")
ROOMS: dict[str, tuple[float, list[str]]] = {
    "plan/*.py": (2, ["tests/plan"]),
    "lambda_src/firehose/**/*.py": (2, ["tests/firehose"]),
    "lambda_src/endpoint/*.py": (2, ["tests/endpoint"]),
    "ops/release/*.py": (5, ["tests/ops/release", "tests/aws"]),
    "ops/tokens/*.py": (5, ["tests/ops/tokens"]),
    "ops/oncall/*.py": (5, ["tests/ops/oncall"]),
    "stacks/*.py": (2, ["tests/stacks"]),
}
"""Modules, how many percent may survive, and the folders of the tests that touch them."""
HEAVY = ("boto3", "hypothesis.strategies", "msgspec", "pydantic", "rich.table", "typer")
"""Imported once, before the processes part; nothing of the product, which may be mutated."""


def main() -> int:
    """Try the mutations of the given modules; 1 if in a room more survive than may."""
    options = _options()
    for name in HEAVY:
        import_module(name)
    equivalent, failed = _equivalent(), False
    for modules, (percent, folders) in ROOMS.items():
        files = [file for file in sorted(ROOT.glob(modules)) if _is_chosen(file, options)]
        found = [trial for file in files for trial in _trials(file, options)]
        trials = [trial for trial in found if _key(trial) not in equivalent]
        if not trials:
            continue
        survivors = try_room(trials, folders, options.jobs)
        for file in files:
            tried, survived = (
                [it for it in some if it.file == file] for some in (trials, survivors)
            )
            print(f"{file.relative_to(ROOT)}: {len(survived)} of {len(tried)} survive")
            for trial in survived:
                it = trial.mutation
                print(f"  {file.name}:{it.line}: {it.change}\n    {it.source}")
        share = 100 * len(survivors) / len(trials)
        print(f"{modules}: {len(survivors)} of {len(trials)}, {share:.1f} %; at most {percent} %")
        sys.stdout.flush()
        failed = failed or share > percent
    return int(failed)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("modules", nargs="*", type=Path, help="files or folders; by default all")
    parser.add_argument("--sample", type=int, help="so many of each module; by default all")
    parser.add_argument("--seed", type=int, default=1, help="of the sample")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="at once")
    return parser.parse_args()


def _is_chosen(file: Path, options: argparse.Namespace) -> bool:
    return not options.modules or any(file.is_relative_to(it.resolve()) for it in options.modules)


def _trials(file: Path, options: argparse.Namespace) -> list[Trial]:
    found = [Trial(file, n, it) for n, it in enumerate(mutations(file.read_text("utf-8")))]
    if options.sample is None or options.sample >= len(found):
        return found
    return Random(options.seed).sample(found, options.sample)


def _equivalent() -> set[tuple[str, str, str]]:
    """Read the mutations that change nothing that can be seen, each listed with its reason."""
    listed = tomllib.loads(EQUIVALENT.read_text("utf-8"))
    return {(it["module"], it["source"], it["change"]) for it in listed["equivalent"]}


def _key(trial: Trial) -> tuple[str, str, str]:
    """Name it without its line, which moves."""
    return str(trial.file.relative_to(ROOT)), trial.mutation.source, trial.mutation.change


if __name__ == "__main__":
    sys.exit(main())
