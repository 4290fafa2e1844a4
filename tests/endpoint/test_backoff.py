"""How long a message waits for its next try."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from endpoint.backoff import LONGEST_SECONDS, wait_seconds


@given(attempt=st.integers(1, 100))
def test_waits_grow_with_chance_but_not_beyond_what_sqs_delays(attempt: int) -> None:
    longest = min(2**attempt, LONGEST_SECONDS)

    assert longest // 2 <= wait_seconds(attempt, None) <= longest


@given(seconds=st.floats(0, 1e9))
def test_service_decides_the_wait_if_it_says_one(seconds: float) -> None:
    assert wait_seconds(1, seconds) == max(1, min(round(seconds), 900))
