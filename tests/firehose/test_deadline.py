"""How long a hook may work: what it is told, and by whom."""

from __future__ import annotations

import math
from threading import Thread

import pytest

from firehose import TimeLimit, remaining_seconds


def test_nothing_limits_what_no_call_limits() -> None:
    assert remaining_seconds() == math.inf


def test_limit_holds_inside_its_block_and_counts_down() -> None:
    with TimeLimit(5):
        first = remaining_seconds()
        second = remaining_seconds()

    assert 4 < second <= first <= 5
    assert remaining_seconds() == math.inf


def test_time_that_is_up_is_not_above_zero() -> None:
    with TimeLimit(0):
        assert remaining_seconds() <= 0


def test_inner_limit_cannot_give_more_than_the_outer_one() -> None:
    with TimeLimit(1):
        with TimeLimit(60):
            assert remaining_seconds() <= 1
        with TimeLimit(0.5):
            assert remaining_seconds() <= 0.5
        assert 0.5 < remaining_seconds() <= 1


def test_time_limit_ends_when_its_block_raises() -> None:
    with pytest.raises(ValueError, match="broken"), TimeLimit(1):
        raise ValueError("broken")

    assert remaining_seconds() == math.inf


def test_each_thread_has_a_limit_of_its_own() -> None:
    told: list[float] = []
    with TimeLimit(1):
        thread = Thread(target=lambda: told.append(remaining_seconds()))
        thread.start()
        thread.join()

    assert told == [math.inf]
