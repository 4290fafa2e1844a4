"""A message from the queue, with what is known about earlier tries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from endpoint.queue import ATTEMPT_ATTRIBUTE, BREAKDOWNS_ATTRIBUTE

_LONGEST_COUNT = 6


class QueuedMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A record that Lambda hands over from SQS.

    Every wait is a new copy, so a copy that is received twice was at hand when a worker ended
    without a word. Such a suspect is replaced by a copy that is tried alone (`alone`), as are its
    later copies, and what breaks down over those is its own doing: `breakdowns`. `tries` counts
    those of all copies, breakdowns included.
    """

    id: str
    receipt: str
    body: str
    group: str
    tries: int
    alone: bool
    breakdowns: int
    is_new_suspect: bool

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> QueuedMessage:
        """Read a record of a batch."""
        attributes = record.get("messageAttributes", {})
        breakdowns = _count(attributes, BREAKDOWNS_ATTRIBUTE)
        alone = breakdowns is not None
        earlier = int(record["attributes"]["ApproximateReceiveCount"]) - 1
        return cls(
            id=record["messageId"],
            receipt=record["receiptHandle"],
            body=record["body"],
            group=record["attributes"].get("MessageGroupId", "none"),
            tries=(_count(attributes, ATTEMPT_ATTRIBUTE) or 0) + (earlier if alone else 0),
            alone=alone,
            breakdowns=breakdowns + earlier if breakdowns is not None else 0,
            is_new_suspect=earlier > 0 and not alone,
        )

    @property
    def is_suspect(self) -> bool:
        """Whether a worker ended while it was at hand."""
        return self.alone or self.is_new_suspect

    @property
    def attempt(self) -> int:
        """The number of the try to come."""
        return self.tries + 1


def _count(attributes: dict[str, Any], name: str) -> int | None:
    """Read a count that a copy carries; somebody else's message may carry anything."""
    text = str(attributes.get(name, {}).get("stringValue"))
    is_count = text.isascii() and text.isdigit() and len(text) <= _LONGEST_COUNT
    return int(text) if is_count else None


def to_try_together(messages: Sequence[QueuedMessage]) -> list[QueuedMessage]:
    """Choose the messages of a batch that cannot do each other harm.

    That is one suspect without company, or all of those that are none; nobody, if each has become
    a suspect just now.
    """
    for message in messages:
        if message.alone:
            return [message]
    return [message for message in messages if not message.is_new_suspect]
