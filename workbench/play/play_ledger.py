"""The ledger of a play: what became of every message, per region, family and customer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from local.service_calls import ReceivedCall, ServiceExchange
from plan.fields import TransportName
from probe.answer_histogram import histogram_of, milliseconds_at
from probe.endpoint_answer import EndpointAnswer
from workbench.play.play_records import (
    MessageArrived,
    MessageRecord,
    MessageSent,
    MessageTried,
    MessageWithheld,
)
from workbench.play.played_message import PlayedCustomer, PlayedFamily, PlayedMessage
from workbench.play.sender_rules import suspends

CallIdentity = tuple[str, str, str, bytes]
"""What a service can tell a repetition by: a key, the message's id, or else the whole call."""


@dataclass(slots=True, kw_only=True)
class MessageFate:
    """One message. `tries` has the identities of the successful calls of each try with some.

    `is_delivered` is none where nobody can see it.
    """

    message: PlayedMessage
    milliseconds: list[float] = field(default_factory=list)
    is_acknowledged: bool = False
    is_delivered: bool | None = False
    is_refused: bool = False
    is_withheld: bool = False
    is_given_up: bool = False
    reason: str = ""
    tries: list[frozenset[CallIdentity]] = field(default_factory=list)

    @property
    def is_duplicated(self) -> bool:
        """Whether the service did it in two tries, and nothing told it that they are the same."""
        return any(
            not before & after for before, after in zip(self.tries, self.tries[1:], strict=False)
        )

    @property
    def is_lost(self) -> bool:
        """Whether nobody will deliver it any more, and nobody refused it."""
        return self.is_given_up and not self.is_delivered and not self.is_refused

    @property
    def is_waiting(self) -> bool:
        """Whether it was still on its way when the play ended."""
        ended = self.is_withheld or self.is_refused or self.is_given_up
        return self.is_delivered is False and not ended

    def note(self, record: MessageRecord) -> None:
        """Take in what happened to it."""
        if isinstance(record, MessageSent):
            self._note_sent(record)
        elif isinstance(record, MessageTried):
            self._note_tried(record)
        elif isinstance(record, MessageArrived):
            self._note_calls(record.exchanges)
            self.is_delivered = bool(self.tries)
        elif isinstance(record, MessageWithheld):
            self.is_withheld = True

    def _note_sent(self, record: MessageSent) -> None:
        self.milliseconds.append(record.answer.milliseconds)
        is_done = self._note_calls(record.exchanges)
        if record.outcome == "acknowledged":
            self.is_acknowledged = True
            self.is_refused = suspends(record.answer)
            if record.stored is None:
                self.is_delivered = None
            elif not record.stored and not self.is_refused:
                self._conclude(is_done=is_done)
        elif record.outcome == "refused":
            self.is_refused = True
        elif record.outcome == "given up":
            self.is_given_up, self.reason = True, _reason(record.answer)

    def _note_tried(self, record: MessageTried) -> None:
        is_done = self._note_calls(record.exchanges)
        outcome = record.tried.outcome
        if outcome == "delivered":
            self._conclude(is_done=is_done)
        elif outcome == "rejected":
            self.is_refused = True
        elif outcome == "dead":
            self.is_given_up, self.reason = True, f"dead letter: {record.tried.error}"

    def _conclude(self, *, is_done: bool) -> None:
        """Take the integration's word for it, unless the service took none of its calls."""
        if is_done or self.tries:
            self.is_delivered = True
        else:
            self.is_given_up = True
            self.reason = "taken for delivered, though the service refused every call"

    def _note_calls(self, exchanges: Sequence[ServiceExchange]) -> bool:
        """Note the calls of a try; tell whether it was not left with failed ones alone."""
        taken = frozenset(
            _identity(it.call, self.message.id)
            for it in exchanges
            if not it.answer.resets and it.answer.status < 300
        )
        if taken:
            self.tries.append(taken)
        return bool(taken) or not exchanges


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """The messages of one family and customer, by its account; times are mParticle's waits."""

    region: str
    pod: str
    transport: TransportName
    account: int
    family: PlayedFamily
    sent: int
    acknowledged: int
    delivered: int | None
    duplicated: int
    refused: int
    withheld: int
    waiting: int
    lost: int
    p50_ms: float | None
    p99_ms: float | None


class PlayLedger:
    """Every fate of one region, fed with the records of its play."""

    def __init__(self, region: str) -> None:
        self.region = region
        self._fates: dict[str, MessageFate] = {}

    def note(self, record: MessageRecord) -> None:
        """Take in what happened."""
        message = record.message
        self._fates.setdefault(message.id, MessageFate(message=message)).note(record)

    @property
    def lost(self) -> list[MessageFate]:
        """The messages that nobody will deliver any more."""
        return [fate for fate in self._fates.values() if fate.is_lost]

    def rows(self) -> Iterator[LedgerRow]:
        """Sum up, by customer and family."""
        fates = sorted(self._fates.values(), key=_place)
        for (customer, family), group in groupby(fates, key=_place):
            yield self._row(customer, family, list(group))

    def _row(
        self, account_id: int, family: PlayedFamily, fates: Sequence[MessageFate]
    ) -> LedgerRow:
        customer: PlayedCustomer = fates[0].message.customer
        waits = [it for fate in fates for it in fate.milliseconds]
        times = histogram_of(waits)
        seen = [fate.is_delivered for fate in fates if fate.is_delivered is not None]
        return LedgerRow(
            region=self.region,
            pod=customer.pod,
            transport=customer.transport,
            account=account_id,
            family=family,
            sent=sum(bool(fate.milliseconds) for fate in fates),
            acknowledged=sum(fate.is_acknowledged for fate in fates),
            delivered=sum(seen) if seen else None,
            duplicated=sum(fate.is_duplicated for fate in fates),
            refused=sum(fate.is_refused for fate in fates),
            withheld=sum(fate.is_withheld for fate in fates),
            waiting=sum(fate.is_waiting for fate in fates),
            lost=sum(fate.is_lost for fate in fates),
            p50_ms=milliseconds_at(times, 50) if waits else None,
            p99_ms=milliseconds_at(times, 99) if waits else None,
        )


def _place(fate: MessageFate) -> tuple[int, PlayedFamily]:
    return fate.message.customer.account_id, fate.message.family


def _reason(answer: EndpointAnswer) -> str:
    """Say why mParticle gave up, in the same words for every message."""
    if answer.error is None:
        return f"mParticle gave up after answers such as {answer.status}"
    error = answer.error.partition(", while processing")[0]
    return f"a function error, which mParticle may not repeat: {error}"


def _identity(call: ReceivedCall, message_id: str) -> CallIdentity:
    if call.idempotency_key:
        return call.idempotency_key, "", "", b""
    if message_id.encode() in b" ".join((call.path.encode(), call.body)):
        return message_id, call.method, "", b""
    return "", call.method, call.path, call.body
