"""The engine: sends a day's messages as mParticle does, and tells what happens, one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from heapq import heapify, heappop, heappush
from itertools import count
from math import inf

from probe.endpoint_answer import EndpointAnswer, Json
from probe.registered_types import MEMBERSHIP, SUBSCRIPTION
from workbench.play.play_records import (
    AudienceSuspended,
    MessageArrived,
    MessageSent,
    MessageTried,
    MessageWithheld,
    PlayRecord,
    SendingOutcome,
)
from workbench.play.played_message import PlayedCustomer, PlayedMessage
from workbench.play.sender_rules import SenderRules, suspends
from workbench.play.venue import PlayClock, SentCall, Venue

LONGEST_SECONDS = 2 * 86_400.0
"""The day, and one more for what still waits; what waits longer than that is told as waiting."""


class Sender:
    """Plays mParticle for one region, on one thread.

    It keeps what mParticle keeps: the settings with which the integration answered a subscription,
    and which customers' audiences are suspended.
    """

    def __init__(self, venue: Venue, clock: PlayClock, rules: SenderRules) -> None:
        self._venue = venue
        self._clock = clock
        self._rules = rules
        self._order = count()
        self._due: list[tuple[float, int, int, PlayedMessage]] = []
        self._known: dict[str, PlayedMessage] = {}
        self._kept: dict[tuple[int, int], dict[str, str]] = {}
        self._suspensions: dict[int, float] = {}

    def play(self, messages: Iterable[PlayedMessage]) -> Iterator[PlayRecord]:
        """Play until nothing is left to do, or no more than `LONGEST_SECONDS`."""
        self._due = [(it.at, next(self._order), 1, it) for it in messages]
        self._known = {message.id: message for _, _, _, message in self._due}
        heapify(self._due)
        while True:
            next_call = self._due[0][0] if self._due else inf
            next_try = self._venue.next_due
            moment = min(next_call, inf if next_try is None else next_try)
            if moment > LONGEST_SECONDS:
                break
            self._clock.skip_to(moment)
            if next_try is not None and next_try <= next_call:
                yield from self._deliver()
            else:
                _, _, attempt, message = heappop(self._due)
                yield from self._send(message, attempt)
        for message_id, exchanges in self._venue.finish().items():
            if message_id in self._known:
                message = self._known[message_id]
                yield MessageArrived(at=self._clock.now(), message=message, exchanges=exchanges)

    def _deliver(self) -> Iterator[PlayRecord]:
        for tried, passage in self._venue.deliver():
            yield MessageTried(
                at=self._clock.now(),
                message=self._known[str(tried.message_id)],
                tried=tried,
                exchanges=tuple(passage.exchanges),
            )

    def _send(self, message: PlayedMessage, attempt: int) -> Iterator[PlayRecord]:
        at = self._clock.now()
        resumed_at = self._suspensions.get(message.customer.account_id, -inf)
        if _changes_members(message) and at < resumed_at:
            yield MessageWithheld(at=at, message=message)
            return
        sent = self._venue.send(message, self._current(message))
        record = self._judged(message, attempt, sent, at)
        yield record
        if record.outcome == "acknowledged" and message.type == SUBSCRIPTION:
            self._keep_settings(message, sent.answer)
        if _changes_members(message):
            yield from self._suspended(record)

    def _judged(
        self, message: PlayedMessage, attempt: int, sent: SentCall, at: float
    ) -> MessageSent:
        """Say what a call is to mParticle, and plan the next one where it makes one."""
        judgement = self._rules.judge(sent.answer)
        wait = self._rules.wait_seconds(attempt) if judgement == "repeat" else None
        outcome: SendingOutcome = "acknowledged"
        if judgement != "taken":
            outcome = "repeated" if wait else "refused" if sent.is_refused else "given up"
        if wait:
            heappush(self._due, (at + wait, next(self._order), attempt + 1, message))
        return MessageSent(
            at=at,
            message=message,
            attempt=attempt,
            answer=sent.answer,
            outcome=outcome,
            stored=sent.stored,
            exchanges=sent.exchanges,
        )

    def _current(self, message: PlayedMessage) -> Json:
        """Put in what the integration answered when the audience was connected."""
        content = message.content
        if message.type == SUBSCRIPTION:
            return self._with_kept(message.customer, content)
        if not _changes_members(message):
            return content
        profiles = [
            profile
            | {"audiences": [self._with_kept(message.customer, it) for it in profile["audiences"]]}
            for profile in content["user_profiles"]
        ]
        return content | {"user_profiles": profiles}

    def _with_kept(self, customer: PlayedCustomer, audience: Json) -> Json:
        kept = self._kept.get((customer.account_id, audience["audience_id"]), {})
        settings = audience.get("audience_subscription_settings", {}) | kept
        return audience | {"audience_subscription_settings": settings} if settings else audience

    def _keep_settings(self, message: PlayedMessage, answer: EndpointAnswer) -> None:
        content = answer.content if isinstance(answer.content, dict) else {}
        if settings := content.get("audience_subscription_settings"):
            key = message.customer.account_id, message.content["audience_id"]
            self._kept.setdefault(key, {}).update(settings)

    def _suspended(self, record: MessageSent) -> Iterator[AudienceSuspended]:
        asked_for = suspends(record.answer)
        if not asked_for and record.outcome != "given up":
            return
        resumed_at = record.at + self._rules.resumed_after_seconds
        customer = record.message.customer
        self._suspensions[customer.account_id] = resumed_at
        yield AudienceSuspended(
            at=record.at, customer=customer, asked_for=asked_for, resumed_at=resumed_at
        )


def _changes_members(message: PlayedMessage) -> bool:
    return message.type == MEMBERSHIP and message.family == "audiences"
