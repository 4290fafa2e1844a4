"""A campaign in a process of its own, which a fault in native code may end."""

from __future__ import annotations

import mmap
import multiprocessing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fuzzing.campaign import Campaign
from fuzzing.target import LONGEST_BYTES, FuzzTarget


@dataclass(frozen=True, slots=True, kw_only=True)
class FuzzResult:
    """What a campaign came to: how many inputs and kinds of outcome, and an input by its fault.

    `inputs` and `outcomes` are none where the process was ended, which is the one finding then.
    """

    inputs: int | None
    outcomes: int | None
    findings: Mapping[str, bytes]


def run_apart(
    target: FuzzTarget,
    *,
    seed: int,
    seconds: float,
    inputs: int | None = None,
    corpus: Sequence[bytes] = (),
) -> FuzzResult:
    """Run a campaign that starts with the corpus too. Raises `EOFError` when the fuzzer fails."""
    current = mmap.mmap(-1, LONGEST_BYTES + 8)  # both processes see it, and it outlives the other

    def note(data: bytes) -> None:
        current[:8] = len(data).to_bytes(8, "big")
        current[8 : 8 + len(data)] = data

    def run() -> None:
        campaign = Campaign(target=target, kept=list(corpus))
        campaign.run(seed=seed, seconds=seconds, inputs=inputs, before_each=note)
        theirs.send((campaign.inputs, len(campaign.kept), campaign.findings))

    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    process = context.Process(target=run)
    process.start()
    theirs.close()
    try:
        count, outcomes, findings = ours.recv()
    except EOFError:
        process.join()
        if process.exitcode is None or process.exitcode >= 0:
            raise  # the fuzzer itself failed, and has said how
        size = int.from_bytes(current[:8], "big")
        fault = f"ends the process by signal {-process.exitcode}"
        return FuzzResult(inputs=None, outcomes=None, findings={fault: current[8 : 8 + size]})
    process.join()
    return FuzzResult(inputs=count, outcomes=outcomes, findings=findings)
