"""Requests that threads share: nobody waits for company, and each learns what became of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from endpoint.aws import AwsError
from endpoint.batched_queue import LARGEST_BYTES, Answers, BatchedQueue, SharedRequests
from endpoint.failures import QueueError
from endpoint.threads import SystemThreads
from firehose import RetryableError
from tests.aws.endpoint_sqs import QUEUE, Sqs
from tests.endpoint.deliveries import Failing, delivered, record


class Requests:
    """Remembers each request; the first one waits until the gate is opened."""

    def __init__(self, answer: Callable[[str], QueueError | None] = lambda _: None) -> None:
        self.made: list[list[str]] = []
        self.gate = threading.Event()
        self.begun = threading.Event()
        self._answer = answer

    def __call__(self, entries: Sequence[str]) -> Answers:
        self.made.append(list(entries))
        self.begun.set()
        self.gate.wait(10)
        return [self._answer(entry) for entry in entries]


def asked_at_once(
    shared: SharedRequests[str], requests: Requests, entries: Sequence[str]
) -> dict[str, str]:
    """Ask for the first alone, for the rest while that is under way; give the failures."""
    failures: dict[str, str] = {}

    def ask(entry: str) -> None:
        try:
            shared.ask(entry)
        except QueueError as error:
            failures[entry] = str(error)

    threads = [threading.Thread(target=ask, args=(entry,), daemon=True) for entry in entries]
    threads[0].start()
    assert requests.begun.wait(10)
    for number, thread in enumerate(threads[1:], start=1):
        thread.start()
        while len(shared._waiting) < number:  # in their order, so that a test can tell it
            time.sleep(0.001)
    requests.gate.set()
    for thread in threads:
        thread.join(10)
        assert not thread.is_alive()
    return failures


def shared(requests: Requests, bytes_of: Callable[[str], int] = len) -> SharedRequests[str]:
    return SharedRequests(requests, threads=SystemThreads(), bytes_of=bytes_of)


def test_first_goes_alone_and_what_came_meanwhile_goes_together() -> None:
    requests = Requests()

    assert asked_at_once(shared(requests), requests, "abcde") == {}
    assert requests.made == [["a"], ["b", "c", "d", "e"]]


def test_request_has_at_most_ten_entries() -> None:
    requests = Requests()
    entries = [f"{number:02}" for number in range(14)]

    asked_at_once(shared(requests), requests, entries)

    assert requests.made == [entries[:1], entries[1:11], entries[11:]]


def test_request_is_no_larger_than_sqs_takes() -> None:
    requests = Requests()
    sizes = {"a": 1, "b": LARGEST_BYTES, "c": LARGEST_BYTES // 2, "d": LARGEST_BYTES // 2, "e": 1}

    asked_at_once(shared(requests, sizes.__getitem__), requests, list(sizes))

    assert requests.made == [["a"], ["b"], ["c", "d"], ["e"]]


def test_each_learns_what_became_of_its_own() -> None:
    requests = Requests(lambda entry: QueueError("full") if entry in "bd" else None)

    assert asked_at_once(shared(requests), requests, "abcd") == {"b": "full", "d": "full"}


def test_request_that_fails_fails_for_all_of_it_and_the_next_one_goes_on() -> None:
    def answer(entry: str) -> QueueError | None:
        if entry == "b":
            raise QueueError("gone")
        if entry == "a":
            raise ZeroDivisionError
        return None

    requests = Requests(answer)
    both = shared(requests)

    assert asked_at_once(both, requests, "abc") == {
        "a": "ZeroDivisionError",
        "b": "gone",
        "c": "gone",
    }
    both.ask("x")
    assert requests.made[-1] == ["x"]


def test_nobody_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("endpoint.batched_queue._LONGEST_SECONDS", 0.05)
    requests = Requests()
    stuck = shared(requests)
    threading.Thread(target=stuck.ask, args=("a",), daemon=True).start()
    assert requests.begun.wait(10)

    with pytest.raises(QueueError, match="no answer in time"):
        stuck.ask("b")
    requests.gate.set()
    while stuck._is_under_way:
        time.sleep(0.001)
    stuck.ask("c")

    assert requests.made == [["a"], ["c"]]


class LateSignal:
    """Is set in the moment in which the wait for it ends."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def set(self) -> None:
        self._event.set()

    def is_set(self) -> bool:
        return self._event.is_set()

    def wait(self, timeout: float) -> bool:
        self._event.wait(timeout)
        return False


def test_who_is_done_or_leads_when_its_wait_ends_does_not_give_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    requests, threads = Requests(), SystemThreads()
    monkeypatch.setattr(threads, "signal", LateSignal)
    late = SharedRequests(requests, threads=threads, bytes_of=len)

    assert asked_at_once(late, requests, "abc") == {}
    assert requests.made == [["a"], ["b", "c"]]


class Answering:
    """A client of SQS that answers a batch as it is told."""

    def __init__(self, answer: dict[str, Any] | AwsError) -> None:
        self.answer = answer

    def send_message_batch(self, **_: object) -> dict[str, Any]:
        if isinstance(self.answer, AwsError):
            raise self.answer
        return self.answer

    delete_message_batch = send_message_batch


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"Failed": [{"Id": "0", "Code": "KmsThrottled"}]}, "SendMessage failed: KmsThrottled"),
        ({}, "SendMessage failed: NoAnswer"),
        (AwsError("AccessDenied"), "SendMessage failed: AccessDenied"),
    ],
)
def test_message_that_was_not_stored_is_told_with_the_code(
    answer: dict[str, Any] | AwsError, error: str
) -> None:
    client: Any = Answering(answer)

    with pytest.raises(QueueError, match=error):
        BatchedQueue(client, QUEUE, SystemThreads()).send("{}", group="1")


def test_message_that_was_not_taken_out_is_told_with_the_code() -> None:
    client: Any = Answering(AwsError("AccessDenied"))

    with pytest.raises(QueueError, match=r"^DeleteMessage failed: AccessDenied$"):
        BatchedQueue(client, QUEUE, SystemThreads()).delete("receipt")


def test_ten_messages_that_fail_together_share_requests() -> None:
    sqs = Sqs(seconds=0.05)
    down = Failing(RetryableError("down"))

    assert delivered(down, *(record(number) for number in range(10)), sqs=sqs) == []

    assert len(sqs.requests) <= 6, "one at a time they would be 20"
    assert len(sqs.sent(QUEUE)) == len(set(sqs.deleted())) == 10
