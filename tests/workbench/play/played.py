"""An endpoint that answers as a test says, and messages of one customer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from local.service_calls import Behaviour, ReceivedCall, ServiceExchange
from plan.fields import TransportName
from probe.endpoint_answer import EndpointAnswer, Json
from workbench.in_process_worker import WorkerTry
from workbench.passages import Passage
from workbench.play.play_records import MessageSent, PlayRecord
from workbench.play.played_message import FAMILY_OF, PlayedCustomer, PlayedMessage
from workbench.play.sender import Sender
from workbench.play.sender_rules import SenderRules
from workbench.play.venue import SentCall

BATCH = "event_processing_request"
MEMBERSHIP = "audience_membership_change_request"
SUBSCRIPTION = "audience_subscription_request"


class StandingClock:
    """Time that passes only when it is skipped."""

    def __init__(self) -> None:
        self.moment = 0.0

    def now(self) -> float:
        return self.moment

    def skip_to(self, moment: float) -> None:
        self.moment = max(self.moment, moment)


class ScriptedVenue:
    """A venue without a worker; `answer_to` gets the call's number, from 0, and its content."""

    def __init__(self, answer_to: Callable[[int, Json], EndpointAnswer]) -> None:
        self.contents: list[Json] = []
        self._answer_to = answer_to

    @property
    def next_due(self) -> None:
        return None

    def send(self, message: PlayedMessage, content: Json) -> SentCall:
        answer = self._answer_to(len(self.contents), content)
        self.contents.append(content)
        return SentCall(answer=answer, is_refused=answer.status == 400, stored=False)

    def deliver(self) -> Sequence[tuple[WorkerTry, Passage]]:
        return ()

    def finish(self) -> dict[str, Sequence[ServiceExchange]]:
        return {}


def answered(status: int = 200, content: Any = None, error: str | None = None) -> EndpointAnswer:
    return EndpointAnswer(status=status, content=content, milliseconds=5.0, error=error)


def customer(account_id: int = 1000, transport: TransportName = "https") -> PlayedCustomer:
    return PlayedCustomer(account_id=account_id, pod="US1", transport=transport, settings={})


def message(
    kind: str = BATCH, *, at: float = 0.0, message_id: str = "m-1", **content: Any
) -> PlayedMessage:
    if kind == MEMBERSHIP:
        content.setdefault("user_profiles", [{"audiences": [{"audience_id": 7}]}])
    return PlayedMessage(
        at=at,
        customer=customer(),
        family=FAMILY_OF[kind],
        content={"type": kind, "id": message_id, **content},
    )


def played(
    messages: Sequence[PlayedMessage],
    answer_to: Callable[[int, Json], EndpointAnswer],
    rules: SenderRules | None = None,
) -> tuple[list[PlayRecord], list[Json]]:
    """Play messages to their end; give what happened, and what was sent."""
    venue = ScriptedVenue(answer_to)
    sender = Sender(venue, StandingClock(), rules or SenderRules())
    return list(sender.play(messages)), venue.contents


def calls(records: Sequence[PlayRecord]) -> list[tuple[float, int, str]]:
    """Give when each call was made, which attempt it was, and what it came to."""
    return [
        (record.at, record.attempt, record.outcome)
        for record in records
        if isinstance(record, MessageSent)
    ]


def exchange(
    body: bytes = b"{}", *, status: int = 200, key: str = "", path: str = "/events"
) -> ServiceExchange:
    headers = {"idempotency-key": key} if key else {}
    call = ReceivedCall(method="POST", path=path, headers=headers, body=body)
    return ServiceExchange(call=call, answer=Behaviour(status=status))
