"""Dead letters against what SQS may answer: parts refused, large bodies, a stop in between."""

from __future__ import annotations

from threading import Event
from typing import Any, cast

import pytest

from cloud.queues import QueueUrls
from ops.oncall.dead_letters import GIVEN_UP_BY_SQS, Redriven, count_by_reason, depth, redrive
from tests.aws.letters import FakeLetters

URLS = QueueUrls(queue="https://sqs/queue", dead_letters="https://sqs/dead")


class Waits(Event):
    """An event that nobody waits for in earnest: it notes how long it was asked to."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        assert timeout is not None
        self.seconds.append(timeout)
        return self.is_set()


@pytest.fixture
def sqs() -> FakeLetters:
    return FakeLetters()


def bury(sqs: FakeLetters, reason: str | None, *bodies: str) -> None:
    for body in bodies:
        sqs.put(URLS.dead_letters, body, group=f"group of {body[:9]}", reason=reason)


def run(sqs: FakeLetters, **changes: Any) -> Redriven:
    """Redrive everything, as quickly as it goes."""
    choices = {"only": None, "per_second": 1_000_000, "most": 100, "stop": Event()}
    return redrive(cast("Any", sqs), URLS, **{**choices, "moved": lambda _: None, **changes})


def numbers(*of: int) -> list[str]:
    return [f"{number:02}" for number in range(*of)]


def test_reasons_are_counted_and_every_letter_is_shown_again(sqs: FakeLetters) -> None:
    bury(sqs, "KeyError", *numbers(12))
    bury(sqs, None, "x", "y")

    counted = count_by_reason(cast("Any", sqs), URLS.dead_letters, most=100)

    assert counted == {"KeyError": 12, GIVEN_UP_BY_SQS: 2}
    assert sorted(sqs.bodies(URLS.dead_letters)) == [*numbers(12), "x", "y"]
    assert depth(cast("Any", sqs), URLS.dead_letters) == 14
    assert {seconds for _, seconds, _ in sqs.receives} == {600}


@pytest.mark.parametrize("most", [4, 10, 11])
def test_no_more_letters_are_looked_at_than_asked_for(sqs: FakeLetters, most: int) -> None:
    bury(sqs, "KeyError", *numbers(12))

    assert count_by_reason(cast("Any", sqs), URLS.dead_letters, most=most).total() == most
    assert sum(asked for asked, _, _ in sqs.receives) == most


def test_three_answers_without_a_letter_in_a_row_mean_that_there_is_none(sqs: FakeLetters) -> None:
    bury(sqs, "KeyError", *numbers(11))
    sqs.silent = {1, 2, 4, 5}

    assert run(sqs).moved.total() == 11
    # the first after a letter does not wait for another
    assert [wait for _, _, wait in sqs.receives] == [0, 1, 1, 0, 1, 1, 0, 1, 1]


def test_one_reason_is_moved_whole_with_its_groups_and_the_others_stay(sqs: FakeLetters) -> None:
    bury(sqs, "RejectedMessage", *numbers(12))
    bury(sqs, "KeyError", *numbers(20, 33))
    seen = []

    done = run(sqs, only="KeyError", moved=lambda done: seen.append(done.moved.total()))

    assert (done.moved, done.left, done.refused) == ({"KeyError": 13}, 12, 0)
    assert sqs.bodies(URLS.queue) == numbers(20, 33)
    assert {it["Attributes"]["MessageGroupId"] for it in sqs.shown[URLS.queue]} == {
        f"group of {body}" for body in numbers(20, 33)
    }
    assert sorted(sqs.bodies(URLS.dead_letters)) == numbers(12)
    assert sqs.hidden == {}
    assert seen == [8, 13]


def test_letter_without_a_group_goes_back_in_one_of_its_own(sqs: FakeLetters) -> None:
    sqs.shown[URLS.dead_letters].append({"Body": "a", "Attributes": {}, "MessageAttributes": {}})

    run(sqs)

    assert [it["Attributes"] for it in sqs.shown[URLS.queue]] == [{"MessageGroupId": "none"}]


def test_letter_that_sqs_refuses_stays_and_ends_the_redrive(sqs: FakeLetters) -> None:
    bury(sqs, "KeyError", *numbers(15))
    sqs.refused = {"03", "05"}

    done = run(sqs)

    assert (done.moved, done.refused) == ({"KeyError": 8}, 2)
    assert sqs.bodies(URLS.dead_letters) == [*numbers(10, 15), "03", "05"]
    assert "03" not in sqs.bodies(URLS.queue)
    assert sqs.hidden == {}


def test_letters_that_are_all_refused_are_all_shown_again(sqs: FakeLetters) -> None:
    bury(sqs, None, "a", "b")
    sqs.refused = {"a", "b"}

    assert run(sqs).refused == 2
    assert sqs.bodies(URLS.dead_letters) == ["a", "b"]


@pytest.mark.parametrize(
    ("sizes", "sent"),
    [
        ([450_000, 450_000], 1),
        ([450_000, 450_001], 2),
        ([1_000_000, 1_000_000], 2),
        ([300_000, 300_000, 300_000, 300_000, 600_000], 2),
        ([600_000, 300_000, 1], 2),
    ],
)
def test_large_letters_go_in_batches_that_sqs_takes(
    sqs: FakeLetters, sizes: list[int], sent: int
) -> None:
    bury(sqs, "KeyError", *(str(number) * size for number, size in enumerate(sizes)))

    assert run(sqs).moved.total() == len(sizes)
    assert sqs.calls.count("send_message_batch") == sent
    assert [len(body) for body in sqs.bodies(URLS.queue)] == sizes


def test_pace_counts_what_is_moved_and_what_moving_took(sqs: FakeLetters) -> None:
    bury(sqs, "KeyError", *numbers(3))
    bury(sqs, "RejectedMessage", *numbers(3, 12))
    waits = Waits()

    run(sqs, only="KeyError", per_second=0.03, stop=waits)

    assert waits.seconds == [pytest.approx(100, abs=2), 0]
    assert waits.seconds[0] < 100


def test_stop_finishes_the_batch_at_hand_and_no_more(sqs: FakeLetters) -> None:
    bury(sqs, "KeyError", *numbers(15))
    stop = Event()

    done = run(sqs, stop=stop, moved=lambda _: stop.set())

    assert done.moved.total() == 10
    assert sqs.bodies(URLS.dead_letters) == numbers(10, 15)
