"""Play seeds until so many messages are accounted for: `python -m tests.simulation`."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import count, islice

from tests.simulation.play import Choices, Play, play

SEEDS_AT_ONCE = 250
WANTED = 1_000_000
_COLUMNS = ("sent", "acknowledged", "refused", "delivered", "duplicates", "dead", "lost")


def main() -> int:
    """Play in as many processes as there are processors; print the account."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=WANTED)
    parser.add_argument("--seed", type=int, help="play this one only, and say what happened")
    arguments = parser.parse_args()
    if arguments.seed is not None:
        return _replay(arguments.seed)
    started, total, seeds = time.monotonic(), Counter[str](), 0
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for found in _accounts(pool):
            total += found
            seeds += SEEDS_AT_ONCE
            _report(total, seeds)
            if total["sent"] >= arguments.messages:
                break
        pool.shutdown(cancel_futures=True)
    rate = total["sent"] / (time.monotonic() - started)
    for name in _COLUMNS:
        print(f"{name:>12}  {total[name]:>12,}")
    print(f"\n{seeds:,} schedules, {rate:,.0f} messages a second")
    return 1 if total["lost"] else 0


def _report(total: Counter[str], seeds: int) -> None:
    """Say how far it is: on a terminal always, else now and then."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{total['sent']:,} messages, lost {total['lost']} ")
    elif seeds % (50 * SEEDS_AT_ONCE) == 0:
        sys.stderr.write(f"{total['sent']:,} messages, lost {total['lost']}\n")


def _accounts(pool: ProcessPoolExecutor) -> Iterator[Counter[str]]:
    starts = count(0, SEEDS_AT_ONCE)
    running = [
        pool.submit(_play_some, start) for start in islice(starts, 2 * (os.cpu_count() or 1))
    ]
    while running:
        yield running.pop(0).result()
        running.append(pool.submit(_play_some, next(starts)))


def _play_some(start: int) -> Counter[str]:
    total: Counter[str] = Counter()
    for seed in range(start, start + SEEDS_AT_ONCE):
        try:
            total += play(seed).account()
        except Exception as error:
            raise AssertionError(f"seed {seed}: {error}") from error
    return total


def _replay(seed: int) -> int:
    it = Play(seed, Choices())
    print(it.faults, *it.api.periods, sep="\n")
    try:
        it.run()
    finally:
        print(*it.ledger.fates.values(), f"after {it.scheduler.now:.0f} s", sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
