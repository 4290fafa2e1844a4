"""What is in made-up messages, and how many of them have all of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

ENOUGH = 400
"""Messages of each kind in which everything is found that occurs at all."""


def words(value: Any) -> Iterator[str]:
    """Yield every name and text in a message."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from words(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from words(inner)
    elif isinstance(value, str):
        yield value
