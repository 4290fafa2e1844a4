"""`python -m fuzzing`: every target in turn, each in a process of its own; or one input again."""

from __future__ import annotations

import argparse
import mmap
import multiprocessing
import secrets
import sys
from pathlib import Path

from fuzzing.campaign import Campaign, saved
from fuzzing.observation import observe
from fuzzing.target import LONGEST_BYTES, Target
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
    return max(_fuzz(target, seed=seed, seconds=share, inputs=options.inputs) for target in targets)


def _replay(target: Target, data: bytes) -> int:
    seen = observe(target, data)
    print(f"{target.name}: {seen.fault or 'nothing wrong'}; outcome: {seen.outcome[:300]}")
    return int(seen.fault is not None)


def _fuzz(target: Target, *, seed: int, seconds: float, inputs: int | None) -> int:
    """Run a target in a process of its own, which a fault in native code may end."""
    current = mmap.mmap(-1, LONGEST_BYTES + 8)

    def note(data: bytes) -> None:
        current[:8] = len(data).to_bytes(8, "big")
        current[8 : 8 + len(data)] = data

    def run() -> None:
        campaign = Campaign(target=target, kept=_corpus(target))
        campaign.run(seed=seed, seconds=seconds, inputs=inputs, before_each=note)
        theirs.send((campaign.inputs, len(campaign.kept), campaign.findings))

    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    process = context.Process(target=run)
    process.start()
    theirs.close()
    try:
        count, kept, findings = ours.recv()
        process.join()
    except EOFError:
        process.join()
        if process.exitcode is None or process.exitcode >= 0:
            raise  # the fuzzer itself failed, and has said how
        size = int.from_bytes(current[:8], "big")
        fault = f"ends the process by signal {-process.exitcode}"
        count, kept, findings = 0, 0, {fault: current[8 : 8 + size]}
    print(f"{target.name}: {count:,} inputs, {kept} kinds of outcome, {len(findings)} findings")
    for fault, data in findings.items():
        file = saved(FOUND, target, data)
        print(f"  {fault}\n  again: {sys.executable} -m fuzzing {target.name} --replay {file}")
    sys.stdout.flush()
    return int(bool(findings))


def _corpus(target: Target) -> list[bytes]:
    """Give the inputs that once found something."""
    return [file.read_bytes() for file in sorted((CORPUS / target.name).glob("*"))]


if __name__ == "__main__":
    sys.exit(main())
