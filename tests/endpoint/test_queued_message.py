"""What a record of the queue tells about the tries before."""

from __future__ import annotations

import pytest

from endpoint.queued_message import QueuedMessage
from tests.endpoint.deliveries import record


def test_copy_that_is_tried_alone_counts_what_broke_down_over_it() -> None:
    message = QueuedMessage.from_record(record(attempt=3, breakdowns=1, receives=3))

    assert (message.tries, message.attempt, message.breakdowns) == (5, 6, 3)
    assert message.alone
    assert message.is_suspect


def test_copy_that_is_received_twice_is_a_suspect_and_as_often_tried_as_it_says() -> None:
    message = QueuedMessage.from_record(record(attempt=3, receives=3))

    assert (message.tries, message.attempt, message.breakdowns) == (3, 4, 0)
    assert not message.alone
    assert message.is_suspect


@pytest.mark.parametrize(
    ("attempt", "tries"),
    [("999999", 999_999), ("1000000", 0), ("-1", 0), ("1.5", 0), ("\u0661", 0), ("", 0)],
)
def test_count_is_of_six_digits_at_most(attempt: str, tries: int) -> None:
    assert QueuedMessage.from_record(record(attempt=attempt)).tries == tries
