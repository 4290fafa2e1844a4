"""Where the limits of size lie: what SQS takes, and what the open path takes."""

from __future__ import annotations

import json
from functools import partial

import pytest

from endpoint.acceptance import Acceptance
from endpoint.answering import answer
from endpoint.failures import QueueError
from tests.aws.endpoint_sqs import QUEUE, Sqs
from tests.endpoint.deliveries import BODY
from tests.endpoint.http_events import REGISTRATION, answered, posted
from tests.endpoint.played_batches import PlayedSqs
from tests.endpoint.taker import Taker
from tests.simulation.scheduler import Process, Scheduler, SimulatedThreads


@pytest.mark.parametrize(("size", "stored"), [(1_047_552, 1), (1_047_553, 0)])
def test_message_is_stored_up_to_a_kilobyte_less_than_sqs_takes(size: int, stored: int) -> None:
    sqs = Sqs()
    content = BODY.rstrip().ljust(size).encode()

    response = answer(Taker(), content, Acceptance(sqs.queue(QUEUE), queued=("dsr",)))

    assert response["id"] == json.loads(BODY)["id"]
    assert len(sqs.sent(QUEUE)) == stored


@pytest.mark.parametrize(("size", "status"), [(8_192, 200), (8_193, 413)])
def test_open_path_takes_eight_kilobytes(size: int, status: int) -> None:
    body = REGISTRATION.rstrip().ljust(size)

    assert answered(posted(body, path="registration"))[0] == status


@pytest.mark.parametrize(("more", "requests"), [(0, [1, 2]), (1, [1, 1, 1])])
def test_messages_share_a_request_up_to_what_sqs_takes(more: int, requests: list[int]) -> None:
    scheduler = Scheduler(1, check=lambda: None)
    sqs = PlayedSqs(scheduler=scheduler, takes=1)
    queue = sqs.worker_queue(QUEUE, SimulatedThreads(scheduler, Process()))
    # a kilobyte of each is for its attributes
    bodies = ["first", "b" * 500_000, "c" * (1_048_576 - 2 * 1_024 - 500_000 + more)]

    for delay, body in enumerate(bodies):
        scheduler.spawn(partial(queue.send, body, group="1"), delay=delay / 10)
    scheduler.run()

    assert [len(content["Entries"]) for _, content in sqs.requests] == requests


def test_nobody_waits_longer_than_five_seconds_for_a_shared_request() -> None:
    scheduler = Scheduler(1, check=lambda: None)
    sqs = PlayedSqs(scheduler=scheduler, takes=100)
    queue = sqs.worker_queue(QUEUE, SimulatedThreads(scheduler, Process()))
    given_up_at: list[float] = []

    def send_later() -> None:
        try:
            queue.send("{}", group="1")
        except QueueError:
            given_up_at.append(scheduler.now)

    scheduler.spawn(partial(queue.send, "{}", group="1"))
    scheduler.spawn(send_later, delay=1)
    scheduler.run()

    assert given_up_at == [6]
