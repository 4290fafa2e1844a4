"""The messages of one batch, in parallel, within the time that Lambda leaves."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

from endpoint.delivery import Delivery, QueuedMessage
from endpoint.log import RequestLog
from firehose import TimeLimit

REPORTING_SECONDS = 1.0
"""What is kept of the call's time to report what is not done; a call that Lambda ends reports
nothing, and its whole batch comes again."""


class OutOfTime(Exception):  # noqa: N818 - its name is what the log says
    """The call ends before this message could be begun."""


class Batch:
    """Delivers batches, `parallel` messages at once."""

    def __init__(self, delivery: Delivery, *, parallel: int) -> None:
        self._delivery = delivery
        self._parallel = parallel
        self._threads = self._new_threads()

    def deliver(self, records: Sequence[dict[str, Any]], *, remaining_seconds: float) -> list[str]:
        """Deliver every record on its own; give the ids of those that must come again.

        A message that is still at work when the time is up comes again too, so it may reach the
        partner twice, but it is never lost.
        """
        deadline = time.monotonic() + remaining_seconds - REPORTING_SECONDS
        messages = [QueuedMessage.from_record(record) for record in records]
        futures = [self._threads.submit(self._deliver, message, deadline) for message in messages]
        _, late = wait(futures, timeout=max(0.0, deadline - time.monotonic()))
        if late:
            # A hook that hangs must not take a thread from later batches.
            self._threads.shutdown(wait=False, cancel_futures=True)
            self._threads = self._new_threads()
        return [
            message.id
            for message, future in zip(messages, futures, strict=True)
            if not _is_settled(message, future)
        ]

    def _new_threads(self) -> ThreadPoolExecutor:
        """Make threads that start when they are needed and stay: starting costs more than work."""
        return ThreadPoolExecutor(self._parallel, thread_name_prefix="delivery")

    def _deliver(self, message: QueuedMessage, deadline: float) -> bool:
        seconds = deadline - time.monotonic()
        if seconds <= 0:
            raise OutOfTime
        with TimeLimit(seconds):
            return self._delivery.deliver(message)


def _is_settled(message: QueuedMessage, future: Future[bool]) -> bool:
    """Whether a message can leave the queue; says in the log why not, if nothing else did."""
    if not future.done() or future.cancelled():
        reason = OutOfTime.__name__
    elif (error := future.exception()) is not None:
        reason = type(error).__qualname__
    else:
        return future.result()
    log = RequestLog()
    log.attempt = message.attempt
    log.write("retried", error=reason)
    return False
