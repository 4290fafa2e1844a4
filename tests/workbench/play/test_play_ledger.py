"""The ledger: delivered, duplicated, refused or lost, by what the records of a play say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from local.service_calls import ServiceExchange
from tests.workbench.play.played import answered, exchange, message
from workbench.in_process_worker import WorkerTry
from workbench.play.play_ledger import LedgerRow, PlayLedger
from workbench.play.play_records import (
    MessageArrived,
    MessageRecord,
    MessageSent,
    MessageTried,
    MessageWithheld,
    SendingOutcome,
)


def sent(
    *exchanges: ServiceExchange,
    stored: bool | None = False,
    outcome: SendingOutcome = "acknowledged",
    error: str | None = None,
) -> MessageSent:
    return MessageSent(
        at=0,
        message=message(),
        attempt=1,
        answer=answered(error=error),
        outcome=outcome,
        stored=stored,
        exchanges=exchanges,
    )


def tried(*exchanges: ServiceExchange, outcome: str = "delivered", error: str = "") -> MessageTried:
    worker_try = WorkerTry(
        message_type="event_processing_request",
        message_id="m-1",
        outcome=outcome,
        attempt=1,
        error=error,
        where=None,
        wait_seconds=0,
    )
    return MessageTried(at=1, message=message(), tried=worker_try, exchanges=exchanges)


def row_of(records: Sequence[MessageRecord]) -> LedgerRow:
    ledger = PlayLedger("us-east-1")
    for record in records:
        ledger.note(record)
    (row,) = ledger.rows()
    return row


OK, BAD = exchange(key="k"), exchange(key="k", status=500)


@pytest.mark.parametrize(
    ("records", "facts"),
    [
        ([sent(OK)], {"acknowledged": 1, "delivered": 1, "p50_ms": 5.0, "p99_ms": 5.0}),
        ([sent()], {"delivered": 1, "lost": 0}),
        ([sent(stored=True)], {"acknowledged": 1, "delivered": 0, "waiting": 1, "lost": 0}),
        ([sent(stored=True), tried(OK)], {"delivered": 1, "waiting": 0}),
        ([sent(BAD, stored=True), tried(BAD, outcome="retried"), tried(OK)], {"delivered": 1}),
        ([sent(stored=True), tried(BAD, outcome="dead")], {"delivered": 0, "lost": 1}),
        ([sent(stored=True), tried(outcome="rejected")], {"refused": 1, "lost": 0}),
        ([sent(BAD, outcome="refused")], {"acknowledged": 0, "refused": 1, "lost": 0}),
        ([sent(outcome="repeated"), sent(OK)], {"sent": 1, "acknowledged": 1, "delivered": 1}),
        ([sent(outcome="given up")], {"acknowledged": 0, "lost": 1, "waiting": 0}),
        ([MessageWithheld(at=0, message=message())], {"sent": 0, "withheld": 1, "waiting": 0}),
        ([sent(stored=None)], {"acknowledged": 1, "delivered": None, "lost": 0, "waiting": 0}),
        (
            [sent(stored=None), MessageArrived(at=9, message=message(), exchanges=[OK])],
            {"delivered": 1},
        ),
    ],
)
def test_fate_of_a_message_is_counted_by_what_happened_to_it(
    records: list[MessageRecord], facts: dict[str, Any]
) -> None:
    row = row_of(records)

    assert {name: getattr(row, name) for name in facts} == facts


def test_message_that_is_said_to_be_delivered_while_the_service_refused_every_call_is_lost() -> (
    None
):
    ledger = PlayLedger("us-east-1")
    ledger.note(sent(BAD, BAD))

    (fate,) = ledger.lost
    assert fate.reason == "taken for delivered, though the service refused every call"


def test_failed_call_that_the_integration_itself_repeated_is_no_loss() -> None:
    assert row_of([sent(BAD, OK)]).lost == 0


@pytest.mark.parametrize(
    ("first", "second", "duplicated"),
    [
        (exchange(key="k"), exchange(b"other", key="k"), 0),
        (exchange(b'{"id": "m-1", "at": 1}'), exchange(b'{"id": "m-1", "at": 2}'), 0),
        (exchange(b"same"), exchange(b"same"), 0),
        (exchange(b"at 1"), exchange(b"at 2"), 1),
        (exchange(key="k-1"), exchange(key="k-2"), 1),
        (exchange(key="k-1", status=500), exchange(key="k-2"), 0),
    ],
)
def test_message_is_duplicated_when_the_service_did_it_twice_and_cannot_tell(
    first: ServiceExchange, second: ServiceExchange, duplicated: int
) -> None:
    row = row_of([sent(first, stored=True), tried(second)])

    assert (row.delivered, row.duplicated) == (1, duplicated)


def test_losses_of_one_cause_have_the_same_words() -> None:
    ledger = PlayLedger("us-east-1")
    ledger.note(
        sent(outcome="given up", error="ProcessingError: KeyError at a.py:1, while processing x 1")
    )

    (fate,) = ledger.lost
    assert fate.reason.endswith("may not repeat: ProcessingError: KeyError at a.py:1")
