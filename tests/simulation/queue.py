"""One queue of SQS: delays, visibility, redrive, messages handed out twice."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Any

from endpoint.queue import REASON_ATTRIBUTE
from tests.simulation.faults import Faults
from tests.simulation.ledger import Ledger
from tests.simulation.scheduler import Scheduler, SimulatedSignal

IN_FLIGHT = 120_000
"""docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html."""


@dataclass(eq=False, slots=True)
class StoredMessage:
    """One copy of a message; `chain` counts the invocations that led to it."""

    number: int
    body: str
    group: str
    attributes: dict[str, dict[str, str]]
    sent_at: float
    chain: int = 0
    receives: int = 0
    receipt: str = ""
    visible_at: float = 0.0
    is_gone: bool = False

    def record(self) -> dict[str, Any]:
        """Give what Lambda hands to a function."""
        return {
            "messageId": f"m{self.number}",
            "receiptHandle": self.receipt,
            "body": self.body,
            "attributes": {
                "ApproximateReceiveCount": str(self.receives),
                "MessageGroupId": self.group,
            },
            "messageAttributes": {
                name: {"dataType": value["DataType"], "stringValue": value["StringValue"]}
                for name, value in self.attributes.items()
            },
        }


@dataclass(eq=False, slots=True)
class SimulatedQueue:
    """One queue, from within: everything here succeeds. `dead_letters` has no redrive."""

    scheduler: Scheduler
    ledger: Ledger
    faults: Faults
    visibility_seconds: float
    max_receives: int = 0
    dead_letters: SimulatedQueue | None = None
    retention_seconds: float = math.inf
    arrived: SimulatedSignal = field(init=False)
    in_flight: dict[str, StoredMessage] = field(default_factory=dict)
    count: int = 0
    _visible: list[StoredMessage] = field(default_factory=list)
    _hidden: list[tuple[float, int, StoredMessage, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.arrived = SimulatedSignal(self.scheduler)

    @property
    def is_dead(self) -> bool:
        return self.dead_letters is None

    def send(
        self,
        body: str,
        group: str,
        attributes: dict[str, dict[str, str]],
        delay: float = 0.0,
        chain: int = 0,
    ) -> None:
        self.count += 1
        now = self.scheduler.now
        message = StoredMessage(self.count, body, group, attributes, now, chain)
        reason = attributes.get(REASON_ATTRIBUTE, {}).get("StringValue")
        self.ledger.stored(body, dead=self.is_dead, reason=reason)
        self._hide(message, delay)
        self.arrived.set()

    def receive(self, most: int, visibility: float | None = None) -> list[StoredMessage]:
        """Hand out up to so many messages; those received too often become dead letters."""
        self._show_due()
        handed: list[StoredMessage] = []
        while self._visible and len(handed) < most and len(self.in_flight) < IN_FLIGHT:
            choice = self.scheduler.random.randrange(len(self._visible))
            self._visible[choice], self._visible[-1] = self._visible[-1], self._visible[choice]
            message = self._visible.pop()
            if message.is_gone or message.receipt in self.in_flight:
                continue
            if self.scheduler.now - message.sent_at > self.retention_seconds:
                self._remove(message)
                continue
            if self.dead_letters and message.receives >= self.max_receives:
                self.bury(message)
                continue
            message.receives += 1
            message.receipt = f"{message.number}-{message.receives}"
            self.in_flight[message.receipt] = message
            self._hide(message, self.visibility_seconds if visibility is None else visibility)
            handed.append(message)
            if self.faults.hands_out_twice():
                self.ledger.fates[message.body].forks += 1
                self._hide(message, self.scheduler.random.uniform(0, 5))
        self.ledger.most_in_flight = max(self.ledger.most_in_flight, len(self.in_flight))
        return handed

    def bury(self, message: StoredMessage) -> None:
        """Move a message as the redrive policy does."""
        assert self.dead_letters is not None
        reason = {"DataType": "String", "StringValue": "moved by SQS"}
        self.dead_letters.send(
            message.body, message.group, {**message.attributes, REASON_ATTRIBUTE: reason}
        )
        self._remove(message)

    def delete(self, receipt: str) -> None:
        """Delete by receipt, which any receipt of the message will do for while it exists."""
        message = self.in_flight.get(receipt)
        if message is not None:
            self._remove(message)

    def change_visibility(self, receipt: str, seconds: float) -> None:
        message = self.in_flight.get(receipt)
        if message is not None and message.receipt == receipt:
            self._hide(message, seconds)

    def next_due(self) -> float:
        """Say how long nothing will become visible; infinite if nothing ever will."""
        self._show_due()
        if self._visible:
            return 0.0
        return self._hidden[0][0] - self.scheduler.now if self._hidden else math.inf

    def bodies(self) -> list[str]:
        """Give what the queue holds."""
        messages = {id(it): it for it in self._visible}
        messages |= {id(it): it for _, _, it, _ in self._hidden}
        return [message.body for message in messages.values() if not message.is_gone]

    def _hide(self, message: StoredMessage, seconds: float) -> None:
        message.visible_at = self.scheduler.now + seconds
        entry = (message.visible_at, self.scheduler.random.getrandbits(32), message)
        heappush(self._hidden, (*entry, message.receipt))

    def _show_due(self) -> None:
        now = self.scheduler.now
        while self._hidden and self._hidden[0][0] <= now:
            _, _, message, receipt = heappop(self._hidden)
            if message.is_gone or message.receipt != receipt:
                continue
            self.in_flight.pop(receipt, None)
            self._visible.append(message)

    def _remove(self, message: StoredMessage) -> None:
        if not message.is_gone:
            message.is_gone = True
            self.in_flight.pop(message.receipt, None)
            self.ledger.removed(message.body, dead=self.is_dead)
