"""How long a copy of a message waits in the queue."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from endpoint.backoff import Spread, wait_seconds
from endpoint.delivery import Delivery
from endpoint.queued_message import QueuedMessage
from tests.aws.endpoint_sqs import DEAD_LETTERS, QUEUE, Sqs
from tests.endpoint.deliveries import record
from tests.endpoint.taker import Taker


@pytest.mark.parametrize(
    ("attempt", "shortest", "longest"),
    [(1, 1, 2), (2, 2, 4), (5, 16, 32), (9, 256, 512), (10, 450, 900), (100, 450, 900)],
)
def test_wait_doubles_with_each_try_up_to_15_minutes_of_which_half_is_chance(
    attempt: int, shortest: int, longest: int
) -> None:
    assert wait_seconds(attempt, None, spread=min) == shortest
    assert wait_seconds(attempt, None, spread=max) == longest


@given(seconds=st.floats(0, 1e9))
def test_service_decides_the_wait_if_it_says_one(seconds: float) -> None:
    assert wait_seconds(1, seconds) == max(1, min(round(seconds), 900))


@pytest.mark.parametrize(("spread", "seconds"), [(min, 1), (max, 10)])
def test_suspects_wait_apart_before_they_are_tried(spread: Spread, seconds: int) -> None:
    assert delay_when_set_aside(receives=2, spread=spread) == seconds


def test_others_do_not_wait() -> None:
    assert delay_when_set_aside(receives=1, spread=max) == 0


def delay_when_set_aside(*, receives: int, spread: Spread) -> int:
    sqs = Sqs()
    delivery = Delivery(
        Taker(),
        queue=sqs.queue(QUEUE),
        dead_letters=sqs.queue(DEAD_LETTERS),
        attempts=12,
        max_breakdowns=6,
        spread=spread,
    )

    assert delivery.set_aside(QueuedMessage.from_record(record(receives=receives)))

    (copy,) = sqs.sent(QUEUE)
    seconds: int = copy["DelaySeconds"]
    return seconds
