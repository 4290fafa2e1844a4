"""A queued message that was delivered is not delivered again, and a claim keeps nobody for ever."""

from __future__ import annotations

import threading
from typing import NoReturn

import pytest

from endpoint.deduplication import REMEMBERED_SECONDS, DeliveredMessages
from endpoint.delivery import Delivery
from endpoint.queued_message import QueuedMessage
from firehose import DsrProcessingRequest, DsrProcessingResponse, RetryableError
from tests.aws.endpoint_sqs import DEAD_LETTERS, QUEUE, Sqs
from tests.aws.endpoint_table import Table
from tests.endpoint.deliveries import Failing, record
from tests.endpoint.taker import Taker

CLAIM_SECONDS = 30


class Counting(Taker):
    """Counts the messages that reach it."""

    def __init__(self) -> None:
        super().__init__()
        self.calls = 0

    def process_dsr_processing_request(
        self, request: DsrProcessingRequest
    ) -> DsrProcessingResponse:
        self.calls += 1
        return super().process_dsr_processing_request(request)


class Overtaken(Taker):
    """Works until its claim has lapsed and another worker has the message, and then fails."""

    def __init__(self, table: Table, known: DeliveredMessages) -> None:
        super().__init__()
        self.table, self.known = table, known
        self.request_id = self.claim_of_another = ""

    def process_dsr_processing_request(self, request: DsrProcessingRequest) -> NoReturn:
        self.table.now += CLAIM_SECONDS + 1
        self.request_id = request.id
        self.claim_of_another = self.known.claim(request.id, by="another")
        raise RetryableError("too late")


@pytest.fixture
def table() -> Table:
    return Table()


@pytest.fixture
def known(table: Table) -> DeliveredMessages:
    return DeliveredMessages(table.client(), "seen", claim_seconds=CLAIM_SECONDS, clock=table.clock)


def delivery(integration: Taker, known: DeliveredMessages) -> Delivery:
    sqs = Sqs()
    return Delivery(
        integration,
        queue=sqs.worker_queue(QUEUE),
        dead_letters=sqs.worker_queue(DEAD_LETTERS),
        attempts=12,
        max_breakdowns=6,
        known=known,
    )


def message() -> QueuedMessage:
    return QueuedMessage.from_record(record())


def test_message_that_comes_again_is_settled_without_a_call(
    table: Table, known: DeliveredMessages
) -> None:
    integration = Counting()
    worker = delivery(integration, known)

    first, second = (worker.attempt(message()) for _ in range(2))

    assert (first.outcome, second.outcome) == ("delivered", "delivered")
    assert integration.calls == 1
    assert (first.failed, second.failed) == (False, None), "nobody called the partner's API"
    (item,) = table.items.values()
    assert int(item["expires"]["N"]) == table.now + REMEMBERED_SECONDS


def test_message_that_failed_is_tried_again_at_once(table: Table, known: DeliveredMessages) -> None:
    failing = delivery(Failing(RetryableError("busy")), known)

    assert failing.attempt(message()).outcome == "retried"
    assert table.items == {}
    assert delivery(Taker(), known).attempt(message()).outcome == "delivered"


def test_message_that_another_worker_is_at_waits_until_the_claim_lapses(
    table: Table, known: DeliveredMessages
) -> None:
    integration = Counting()
    worker = delivery(integration, known)
    request_id = worker.attempt(message()).log.message_id
    assert request_id
    table.items.clear()
    assert known.claim(request_id, by="another") == "ours"  # and then that worker dies

    waiting = worker.attempt(message())
    table.now += CLAIM_SECONDS + 1
    taken = worker.attempt(message())

    assert (waiting.outcome, waiting.error) == ("retried", "at work")
    assert waiting.retry_after_seconds == CLAIM_SECONDS
    assert waiting.failed is None
    assert (taken.outcome, integration.calls) == ("delivered", 2)


def test_try_that_fails_after_its_claim_lapsed_leaves_the_next_ones_claim(
    table: Table, known: DeliveredMessages
) -> None:
    late = Overtaken(table, known)

    assert delivery(late, known).attempt(message()).outcome == "retried"
    assert late.claim_of_another == "ours"
    assert known.claim(late.request_id, by="a third") == "at work"


def test_claim_whose_answer_was_lost_can_be_made_again(known: DeliveredMessages) -> None:
    assert [known.claim("m", by="one") for _ in range(2)] == ["ours", "ours"]
    assert known.claim("m", by="two") == "at work"

    known.delivered("m")

    assert known.claim("m", by="one") == "delivered"


def test_one_of_many_claims_at_once_is_granted(known: DeliveredMessages) -> None:
    claims: list[str] = []
    threads = [
        threading.Thread(target=lambda by=str(n): claims.append(known.claim("m", by=by)))
        for n in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(claims) == ["at work"] * 19 + ["ours"]


@pytest.mark.parametrize("code", ["TimeoutError", "ProvisionedThroughputExceededException"])
def test_table_that_cannot_be_asked_stops_no_delivery(
    table: Table, known: DeliveredMessages, code: str
) -> None:
    table.errors = dict.fromkeys(("PutItem", "GetItem", "DeleteItem"), code)
    integration = Counting()

    assert known.claim("m", by="a try") == "ours"
    assert delivery(integration, known).attempt(message()).outcome == "delivered"
    assert integration.calls == 1


def test_message_that_somebody_has_waits_while_the_table_does_not_say_who(
    table: Table, known: DeliveredMessages
) -> None:
    known.delivered("m")
    table.errors = {"GetItem": "TimeoutError"}

    assert known.claim("m", by="a try") == "at work"
