"""A message that the worker may have broken down over is tried alone, and at last no more."""

from __future__ import annotations

from firehose import (
    DsrProcessingRequest,
    DsrProcessingResponse,
)
from tests.aws.endpoint_sqs import DEAD_LETTERS, QUEUE, Sqs
from tests.endpoint.deliveries import (
    Asking,
    delivered,
    record,
)
from tests.endpoint.taker import Taker


def test_message_that_is_received_twice_is_replaced_by_a_suspect_and_not_tried() -> None:
    asking, sqs = Asking(), Sqs()

    assert delivered(asking, record(1, receives=2, attempt=3), record(2), sqs=sqs) == []

    assert len(asking.told) == 1
    (copy,) = sqs.sent(QUEUE)
    assert copy["MessageAttributes"] == {
        "attempt": {"DataType": "Number", "StringValue": "3"},
        "breakdowns": {"DataType": "Number", "StringValue": "0"},
    }
    assert sqs.deleted() == ["receipt-1"]


def test_suspect_is_tried_when_everything_else_of_its_batch_is_elsewhere() -> None:
    sqs = Sqs()
    suspects = [record(n, breakdowns=0) for n in (1, 2)]

    class Watching(Taker):
        def process_dsr_processing_request(
            self, request: DsrProcessingRequest
        ) -> DsrProcessingResponse:
            self.seen = sqs.deleted()
            return super().process_dsr_processing_request(request)

    watching = Watching()
    assert delivered(watching, record(0), *suspects, record(3, attempt=2), sqs=sqs) == []

    assert watching.seen == ["receipt-0", "receipt-2", "receipt-3"]
    copies = [copy["MessageAttributes"] for copy in sqs.sent(QUEUE)]
    assert [sorted(attributes) for attributes in copies] == [[], ["breakdowns"], ["attempt"]]


def test_suspect_is_not_tried_while_its_company_cannot_be_stored() -> None:
    asking, sqs = Asking(), Sqs(refused={"SendMessage": "KmsDisabled"})

    failed = delivered(asking, record(1), record(2, breakdowns=0), sqs=sqs)

    assert sorted(failed) == ["message-1", "message-2"]
    assert asking.told == []


def test_breakdowns_over_a_lone_suspect_are_its_own_and_make_it_a_dead_letter() -> None:
    asking, sqs = Asking(), Sqs()

    assert delivered(asking, record(receives=3, breakdowns=4), sqs=sqs) == []

    assert asking.told == []
    (dead,) = sqs.sent(DEAD_LETTERS)
    reason = dead["MessageAttributes"]["reason"]["StringValue"]
    assert reason == "the worker broke down over it 6 times"
