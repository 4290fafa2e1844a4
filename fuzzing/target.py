"""What is fuzzed: a function of bytes, and what it may and may not do with them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from fuzzing.mutation import Mutator

CANARY = "canary-5f1c2e"
"""Stands for what a customer or user entered; seeds have it where the protocol has a secret."""

LONGEST_BYTES = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class FuzzTarget:
    """One function under attack.

    `run` takes an input and gives what it came to in a few words, what it shows included. It may
    raise only the `documented` errors. `secrets` names the texts of an input that neither an error
    nor a log nor the outcome may show. `seeds` are ordinary inputs, `mutator` makes others of them.

    An input may take `seconds` of processor time and `seconds_per_byte` more; what is linear needs
    a thousandth of that. After `endless_seconds` it is ended.
    """

    name: str
    run: Callable[[bytes], str]
    documented: tuple[type[Exception], ...]
    seeds: Sequence[bytes]
    mutator: Mutator
    seconds: float = 0.2
    seconds_per_byte: float = 20e-6
    endless_seconds: float = 30
    secrets: Callable[[bytes], Sequence[str]] = lambda _data: (CANARY,)
