"""A run of one target: mutate, observe, keep what has a new outcome, save what is wrong."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from fuzzing.observation import observe
from fuzzing.target import LONGEST_BYTES, FuzzTarget

_MOST_KEPT = 1_000
_VARYING = re.compile(r"""[0-9a-f]{8}-[0-9a-f-]{27}|\d+(\.\d+)?|"[^"]*"|(?<=: found )[^;]*""")


@dataclass(slots=True, kw_only=True)
class Campaign:
    """What was run so far: `inputs` in all, `kept` for more mutations, `findings` by fault."""

    target: FuzzTarget
    inputs: int = 0
    kept: list[bytes] = field(default_factory=list)
    findings: dict[str, bytes] = field(default_factory=dict)
    _outcomes: set[str] = field(default_factory=set)

    def run(
        self,
        *,
        seed: int,
        seconds: float = float("inf"),
        inputs: int | None = None,
        before_each: Callable[[bytes], None] = lambda _data: None,
    ) -> None:
        """Run all seeds, then inputs made of them, until the time or the number is up.

        Without a limit of time the same seed runs the same inputs. `before_each` is told each
        input, for one that ends the process.
        """
        chance = Random(seed)  # noqa: S311 - to repeat a run
        ends = time.monotonic() + seconds
        queue = list(self.target.seeds)
        while time.monotonic() < ends and (inputs is None or self.inputs < inputs):
            data = queue.pop() if queue else self._mutated(chance)
            before_each(data)
            self._try(data)

    def _mutated(self, chance: Random) -> bytes:
        """Change a seed or what was kept, by halves: much of what is kept does not parse."""
        sources = self.kept if self.kept and chance.random() < 0.5 else self.target.seeds
        data = self.target.mutator(chance.choice(sources), chance.choice(sources), chance)
        return data[:LONGEST_BYTES]

    def _try(self, data: bytes) -> None:
        seen = observe(self.target, data)
        self.inputs += 1
        if seen.fault is not None:
            self.findings.setdefault(_VARYING.sub("#", seen.fault), data)
        outcome = _VARYING.sub("#", seen.outcome)[:300]
        if outcome not in self._outcomes and len(self.kept) < _MOST_KEPT:
            self._outcomes.add(outcome)
            self.kept.append(data)


def saved(folder: Path, target: FuzzTarget, data: bytes) -> Path:
    """Write an input where it can be replayed from, under the hash of its content."""
    file = folder / target.name / hashlib.sha256(data).hexdigest()[:12]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    return file
