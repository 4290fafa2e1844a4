"""`python -m fuzzing`: every target in turn, each in a process of its own; or one input again."""

from __future__ import annotations

import argparse
import secrets
import sys
from pathlib import Path

from fuzzing.apart import FuzzResult, run_apart
from fuzzing.campaign import saved
from fuzzing.observation import observe
from fuzzing.target import FuzzTarget
from fuzzing.targets import TARGETS

CORPUS = Path(__file__).parent / "corpus"
FOUND = Path("build/fuzz")


def main() -> int:
    """Run what the command line says; 1 if anything was found."""
    parser = argparse.ArgumentParser(prog="python -m fuzzing", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"of {', '.join(TARGETS)}")
    parser.add_argument("--seconds", type=float, default=600, help="in all, by default 600")
    parser.add_argument("--inputs", type=int, help="end each target after so many")
    parser.add_argument("--seed", type=int, help="repeat a run; left out, a new one")
    parser.add_argument("--replay", type=Path, metavar="FILE", help="run one input again")
    options = parser.parse_args()
    if unknown := set(options.targets) - TARGETS.keys():
        parser.error(f"found {', '.join(sorted(unknown))}; the targets are {', '.join(TARGETS)}")
    targets = [TARGETS[name] for name in options.targets or TARGETS]
    if options.replay:
        return _replay(targets[0], options.replay.read_bytes())
    seed = secrets.randbelow(2**32) if options.seed is None else options.seed
    print(f"seed {seed}, {options.seconds:g} s for {len(targets)} targets", flush=True)
    share = options.seconds / len(targets)
    found = False
    for target in targets:
        result = run_apart(
            target, seed=seed, seconds=share, inputs=options.inputs, corpus=_corpus(target)
        )
        _print(target, result)
        found = found or bool(result.findings)
    return int(found)


def _replay(target: FuzzTarget, data: bytes) -> int:
    seen = observe(target, data)
    print(f"{target.name}: {seen.fault or 'nothing wrong'}; outcome: {seen.outcome[:300]}")
    return int(seen.fault is not None)


def _print(target: FuzzTarget, result: FuzzResult) -> None:
    if result.inputs is None:
        counts = "ended"
    else:
        counts = f"{result.inputs:,} inputs, {result.outcomes:,} kinds of outcome"
    print(f"{target.name}: {counts}, {len(result.findings)} findings")
    for fault, data in result.findings.items():
        file = saved(FOUND, target, data)
        print(f"  {fault}\n  again: {sys.executable} -m fuzzing {target.name} --replay {file}")
    sys.stdout.flush()


def _corpus(target: FuzzTarget) -> list[bytes]:
    """Give the inputs that once found something."""
    return [file.read_bytes() for file in sorted((CORPUS / target.name).glob("*"))]


if __name__ == "__main__":
    sys.exit(main())
