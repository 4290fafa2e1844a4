"""What is remembered of messages, and what is forgotten first."""

from __future__ import annotations

from workbench.studio.journey import Journey
from workbench.studio.journeys import Journeys


def journey(number: int, content: bytes = b"{}") -> Journey:
    return Journey(number=number, way="lambda", content=content, request=None, limit_ms=200)


def test_oldest_are_forgotten_when_there_are_too_many() -> None:
    journeys = Journeys(most=3)
    for number in range(5):
        journeys.changed(journey(number))

    assert [it.number for it in journeys.all()] == [2, 3, 4]


def test_oldest_are_forgotten_when_they_are_too_large() -> None:
    journeys = Journeys(most_bytes=100_000)
    for number in range(10):
        journeys.changed(journey(number, b"x" * 10_000))

    assert [it.number for it in journeys.all()] == [8, 9]


def test_change_of_one_is_told_and_is_no_other_one() -> None:
    journeys = Journeys()
    told: list[int] = []
    with journeys.listening(lambda it: told.append(it.number)):
        one = journey(1)
        journeys.changed(one)
        journeys.changed(one)
    journeys.changed(journey(2))

    assert told == [1, 1]
    assert len(journeys.all()) == 2


def test_cleared_journeys_are_gone() -> None:
    journeys = Journeys()
    journeys.changed(journey(1))
    journeys.clear()

    assert journeys.all() == []
    assert journeys.get(1) is None
