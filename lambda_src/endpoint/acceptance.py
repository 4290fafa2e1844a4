"""Take a message into the queue, so that mParticle need not wait for its delivery."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from endpoint.failures import QueueError
from endpoint.families import acknowledgement, family_of
from endpoint.log import RequestLog, account_id
from endpoint.settings import Settings
from firehose import Request, Response

if TYPE_CHECKING:
    from endpoint.queue import MessageQueue

LARGEST_BYTES = 1_047_552
"""1 MiB, the most that SQS takes, less 1 KiB for a message's attributes. mParticle's own batches
have at most a quarter of that."""


class Acceptance:
    """The queue, and the message families that go through it."""

    def __init__(self, queue: MessageQueue, *, queued: Collection[str]) -> None:
        self._queue = queue
        self._queued = queued

    def accept(
        self, request: Request, content: bytes | dict[str, Any], log: RequestLog
    ) -> Response | None:
        """Store the message as it came, if its family is queued and SQS takes its size.

        Raises `QueueError` when it should be stored and cannot.
        """
        if family_of(request) not in self._queued:
            return None
        body = _text(content)
        if len(body.encode()) > LARGEST_BYTES:
            return None
        try:
            self._queue.send(body, group=str(account_id(request) or "none"))
        except QueueError as error:
            log.write("failed", error=f"QueueError: {error}")
            raise
        log.write("accepted")
        return acknowledgement(request)


def _text(content: bytes | dict[str, Any]) -> str:
    """Give the message's JSON without the two characters that JSON allows and SQS does not."""
    if isinstance(content, dict):  # Lambda parsed it; in ASCII there is no such character
        return json.dumps(content, separators=(",", ":"))
    text = content.decode()
    return text.replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")


def acceptance_from(settings: Settings, environment: Mapping[str, str]) -> Acceptance | None:
    """Connect to the queue that the settings name; none where nothing is queued."""
    if not settings.queued:
        return None
    from endpoint.queue import queue_at  # noqa: PLC0415 - mParticle waits for what this loads

    return Acceptance(queue_at(settings.queue_url, environment), queued=settings.queued)
