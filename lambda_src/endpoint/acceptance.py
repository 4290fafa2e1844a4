"""Take a message into the queue, so that mParticle need not wait for its delivery."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from endpoint.failures import QueueError
from endpoint.families import acknowledgement, family_of
from endpoint.log import RequestLog, account_id
from endpoint.settings import Settings
from firehose import Request, Response, decode

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
        """Store the message as it came, if its family is queued and SQS can hold it.

        Raises `QueueError` when it should be stored and cannot.
        """
        if family_of(request) not in self._queued:
            return None
        body = _text(request, content)
        if body is None or len(body.encode()) > LARGEST_BYTES:
            return None
        try:
            self._queue.send(body, group=str(account_id(request) or "none"))
        except QueueError as error:
            log.write("failed", error=f"QueueError: {error}")
            raise
        log.write("accepted")
        return acknowledgement(request)


def _text(request: Request, content: bytes | dict[str, Any]) -> str | None:
    """Give JSON that SQS holds and from which the worker reads the same request; none if none is.

    What came as UTF-8 is that JSON. What Lambda parsed may hold an infinity, which is how `1e400`
    is parsed, and has to be written again, so it is read back.
    """
    try:
        if isinstance(content, dict):
            # in ASCII there is no character that SQS refuses
            text = json.dumps(content, separators=(",", ":"), allow_nan=False)
            return text if type(decode(text.encode())) is type(request) else None
        text = content.decode()
    except (ValueError, RecursionError):
        return None
    if "\0" in text:  # UTF-16 or UTF-32, of which the worker would not know
        return None
    # the two characters that JSON allows and SQS does not
    return text.replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")


def acceptance_from(settings: Settings, environment: Mapping[str, str]) -> Acceptance | None:
    """Connect to the queue that the settings name; none where nothing is queued."""
    if not settings.queued:
        return None
    from endpoint.queue import queue_at  # noqa: PLC0415 - mParticle waits for what this loads

    return Acceptance(queue_at(settings.queue_url, environment), queued=settings.queued)
