"""Many messages at once, within the time that Lambda leaves; and how long each waits."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from endpoint.backoff import LONGEST_SECONDS, wait_seconds
from endpoint.batch import Batch
from endpoint.delivery import Delivery
from tests.endpoint.deliveries import Asking, Failing, Hanging, Slow, delivered, logged, record
from tests.endpoint.sqs import QUEUE, Sqs

CANARY = "canary-8f2a@example.com"


@pytest.fixture(autouse=True)
def no_delivery_outlives_its_test() -> Iterator[None]:
    before = {*threading.enumerate()}  # the worker's own, which stay as long as its module
    yield
    gc.collect()  # threads that wait for work end with their batch
    for thread in {*threading.enumerate()} - before:
        if thread.name.startswith("delivery"):
            thread.join()


def test_hook_that_ends_its_thread_fails_its_own_message_only(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert delivered(Failing(SystemExit(CANARY)), record()) == ["message-1"]
    assert [line["error"] for line in logged(capsys)] == ["SystemExit"]


def test_messages_of_a_batch_are_delivered_at_once_within_the_bound() -> None:
    slow = Slow(0.05)

    assert delivered(slow, *(record(n) for n in range(10)), parallel=4) == []
    assert slow.most == 4


def test_batch_reports_before_lambda_ends_the_call(capsys: pytest.CaptureFixture[str]) -> None:
    hanging = Hanging(after=2)

    failed = delivered(
        hanging, *(record(n) for n in range(4)), parallel=2, remaining_seconds=1 + 1.5
    )
    outcomes = [line["outcome"] for line in logged(capsys)]
    hanging.gate.set()

    # two are done in time, two are still at work and come again
    assert failed == ["message-2", "message-3"]
    assert sorted(outcomes) == ["delivered", "delivered", "retried", "retried"]


def test_no_message_is_begun_when_the_time_is_up() -> None:
    slow = Slow(0)

    assert delivered(slow, record(1), record(2), remaining_seconds=0.9) == [
        "message-1",
        "message-2",
    ]
    assert slow.most == 0


@given(attempt=st.integers(1, 100))
def test_waits_grow_with_chance_but_not_beyond_what_sqs_delays(attempt: int) -> None:
    longest = min(2**attempt, LONGEST_SECONDS)

    assert longest // 2 <= wait_seconds(attempt, None) <= longest


@given(seconds=st.floats(0, 1e9))
def test_service_decides_the_wait_if_it_says_one(seconds: float) -> None:
    assert wait_seconds(1, seconds) == max(1, min(round(seconds), 900))


def test_every_message_of_a_batch_is_told_the_time_of_the_batch() -> None:
    asking = Asking()

    assert delivered(asking, *(record(n) for n in range(3)), remaining_seconds=20) == []
    assert len(asking.told) == 3
    # a second is kept to report what is not done
    assert all(10 < seconds <= 19 for seconds in asking.told)


def test_batches_after_one_that_hung_have_all_their_threads() -> None:
    hanging = Hanging(after=0)
    sqs = Sqs()
    delivery = Delivery(
        hanging, queue=sqs.queue(QUEUE), dead_letters=sqs.queue(QUEUE), attempts=12, max_breakdowns=6
    )
    batch = Batch(delivery, parallel=2)
    records = [record(n) for n in range(3)]
    assert len(batch.deliver(records, remaining_seconds=1.1)) == 3

    hanging.allow(3)

    assert batch.deliver(records, remaining_seconds=20) == []
    hanging.gate.set()
