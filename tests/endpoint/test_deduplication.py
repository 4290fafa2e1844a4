"""A queued message that was delivered is not delivered again, and a claim keeps nobody for ever."""

from __future__ import annotations

import math
import threading
from collections.abc import Mapping
from typing import Any, NoReturn

import botocore.session
import pytest
from botocore.validate import ParamValidator

from endpoint.aws import AwsError
from endpoint.deduplication import REMEMBERED_SECONDS, DeliveredMessages
from endpoint.delivery import Delivery
from endpoint.queued_message import QueuedMessage
from firehose import DsrProcessingRequest, DsrProcessingResponse, RetryableError
from tests.endpoint.deliveries import Failing, record
from tests.endpoint.sqs import DEAD_LETTERS, QUEUE, Sqs
from tests.endpoint.taker import Taker

MODEL = botocore.session.get_session().get_service_model("dynamodb")
CLAIM_SECONDS = 30
_MISSING = math.nan
"""Equal to nothing, and neither more nor less."""


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


class Table:
    """DynamoDB's conditional writes on one table; each call is held against botocore's model."""

    def __init__(self) -> None:
        self.items: dict[str, dict[str, Any]] = {}
        self.error: str | None = None
        self.now = 1_000.0
        self._lock = threading.Lock()

    def clock(self) -> float:
        return self.now

    def call(self, operation: str, content: Mapping[str, Any]) -> dict[str, Any]:
        shape = MODEL.operation_model(operation).input_shape
        assert shape
        assert not ParamValidator().validate(content, shape).has_errors()
        if self.error:
            raise AwsError(self.error)
        with self._lock:
            answer: dict[str, Any] = getattr(self, f"_{operation}")(content)
            return answer

    def _PutItem(self, content: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802 - AWS's name
        item = content["Item"]
        self._check(content, item["id"]["S"])
        self.items[item["id"]["S"]] = item
        return {}

    def _GetItem(self, content: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802 - AWS's name
        item = self.items.get(content["Key"]["id"]["S"])
        return {"Item": item} if item else {}

    def _DeleteItem(self, content: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802 - AWS's name
        self._check(content, content["Key"]["id"]["S"])
        self.items.pop(content["Key"]["id"]["S"], None)
        return {}

    def _check(self, content: Mapping[str, Any], key: str) -> None:
        condition = content.get("ConditionExpression")
        values = content.get("ExpressionAttributeValues", {})
        if condition and not holds(condition, self.items.get(key, {}), values):
            raise AwsError("ConditionalCheckFailedException")


def holds(condition: str, item: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    """Evaluate DynamoDB's expression, which is nearly Python's; what is missing equals nothing."""
    names = {name: _plain(item.get(name)) for name in ("id", "finished", "lapses", "claimed_by")}
    names |= {f"_{name[1:]}": _plain(value) for name, value in values.items()}
    names["attribute_not_exists"] = lambda value: value is _MISSING
    python = condition.replace(" = ", " == ").replace(":", "_")
    return bool(eval(python.replace("OR", "or").replace("AND", "and"), {}, names))  # noqa: S307


def _plain(value: Mapping[str, Any] | None) -> Any:
    if value is None:
        return _MISSING
    ((kind, content),) = value.items()
    return int(content) if kind == "N" else content


@pytest.fixture
def table() -> Table:
    return Table()


@pytest.fixture
def known(table: Table) -> DeliveredMessages:
    return DeliveredMessages(table, "seen", claim_seconds=CLAIM_SECONDS, clock=table.clock)


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
    table.error = code
    integration = Counting()

    assert delivery(integration, known).attempt(message()).outcome == "delivered"
    assert integration.calls == 1
