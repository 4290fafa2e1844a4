"""Chance that repeats itself: the same seed gives the same draws."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Chance(Random):
    """Python's own generator with the draws that messages need; it makes data, never secrets."""

    def guid(self) -> str:
        """Draw an id in the form of a random UUID."""
        return str(uuid.UUID(int=self.getrandbits(128), version=4))

    def signed_64_bit(self) -> int:
        """Draw a number of the whole range that mParticle's ids of sessions and profiles have."""
        return self.getrandbits(64) - 2**63

    def happens(self, share: float) -> bool:
        """Tell yes in a share (0 to 1) of all draws."""
        return self.random() < share

    def some(self, items: Sequence[T], *, most: int) -> list[T]:
        """Draw one to `most` different items."""
        return self.sample(items, self.randint(1, min(most, len(items))))
