"""The journeys that are remembered, the newest of them, and who is told of their changes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from workbench.passages import Passage
from workbench.studio.journey import Journey

MOST = 10_000
MOST_BYTES = 128 * 1024 * 1024
"""More than either is never kept: the oldest journeys are forgotten."""

Listener = Callable[[Journey], None]


class Journeys:
    """Journeys by number; several threads may add to them and read them."""

    def __init__(self, *, most: int = MOST, most_bytes: int = MOST_BYTES) -> None:
        self._most = most
        self._most_bytes = most_bytes
        self._kept: OrderedDict[int, Journey] = OrderedDict()
        self._sizes: dict[int, int] = {}
        self._bytes = 0
        self._by_queued_id: dict[str, Journey] = {}
        self._by_passage: dict[int, Journey] = {}
        self._listeners: list[Listener] = []
        self._lock = threading.RLock()

    def all(self) -> list[Journey]:
        """Give every journey that is remembered, the oldest first."""
        with self._lock:
            return list(self._kept.values())

    def get(self, number: int) -> Journey | None:
        """Give a journey by its number; none when it is forgotten."""
        return self._kept.get(number)

    def of_queued(self, queued_id: str) -> Journey | None:
        """Give the journey of a message that waits."""
        return self._by_queued_id.get(queued_id)

    def of_passage(self, passage: Passage) -> Journey | None:
        """Give the journey that a passage belongs to."""
        return self._by_passage.get(id(passage))

    def changed(self, journey: Journey) -> None:
        """Remember a journey as it is now, and tell who listens."""
        with self._lock:
            self._kept[journey.number] = journey
            if journey.queued:
                self._by_queued_id[journey.queued.id] = journey
            self._by_passage.update({id(it): journey for it in journey.passages})
            self._bytes += journey.size - self._sizes.get(journey.number, 0)
            self._sizes[journey.number] = journey.size
            while len(self._kept) > self._most or self._bytes > self._most_bytes:
                self._forget(next(iter(self._kept)))
            listeners = list(self._listeners)
        for listener in listeners:
            listener(journey)

    def settled(self, queued_id: str) -> None:
        """Forget that a copy waits."""
        with self._lock:
            self._by_queued_id.pop(queued_id, None)

    def clear(self) -> None:
        """Forget every journey."""
        with self._lock:
            for number in list(self._kept):
                self._forget(number)

    @contextmanager
    def listening(self, listener: Listener) -> Iterator[None]:
        """Tell a listener of each change for the length of a block, in whatever thread it is."""
        self._listeners.append(listener)
        try:
            yield
        finally:
            self._listeners.remove(listener)

    def _forget(self, number: int) -> None:
        journey = self._kept.pop(number)
        self._bytes -= self._sizes.pop(number)
        for passage in journey.passages:
            self._by_passage.pop(id(passage), None)
        if journey.queued:
            self._by_queued_id.pop(journey.queued.id, None)
