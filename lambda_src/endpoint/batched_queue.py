"""A queue whose sends and deletions of one moment share a request, for threads of one process.

Whoever asks while no request is under way goes at once, alone; what comes while one is waits for it
and goes together in the next. So nobody waits for company, and nothing stays unsent.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from endpoint.aws import AwsError
from endpoint.failures import QueueError
from endpoint.queue import MessageQueue, QueueEntry
from endpoint.sqs import SqsClient
from endpoint.threads import Signal, Threads

MOST_ENTRIES = 10
LARGEST_BYTES = 1_048_576
"""Of one request: docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference,
SendMessageBatch."""
_ATTRIBUTES_BYTES = 1_024
"""More than what a message carries beside its body (`endpoint.queue`)."""
_LONGEST_SECONDS = 5.0
"""More than the two worst requests that somebody waits for: the one under way and the next."""

Entry = TypeVar("Entry")
Answers = Sequence[QueueError | None]
"""What became of each entry of a request."""


class SharedRequests(Generic[Entry]):
    """Turns what several threads ask for into requests of many entries.

    `request` does as many entries as it is given, and says what became of each. `bytes_of` is how
    much of a request's size an entry takes.
    """

    def __init__(
        self,
        request: Callable[[Sequence[Entry]], Answers],
        *,
        threads: Threads,
        bytes_of: Callable[[Entry], int],
    ) -> None:
        self._request = request
        self._threads = threads
        self._bytes_of = bytes_of
        self._waiting: deque[_Ticket[Entry]] = deque()
        self._is_under_way = False
        self._lock = threading.Lock()

    def ask(self, entry: Entry) -> None:
        """Wait until it is done. Raises `QueueError` when it is not."""
        size = self._bytes_of(entry)
        with self._lock:
            signal = self._threads.signal() if self._is_under_way else None
            ticket = _Ticket(entry, size, signal)
            self._is_under_way = True
            self._waiting.append(ticket)
        if signal and not signal.wait(_LONGEST_SECONDS):
            self._give_up(ticket)
        if ticket.leads:
            self._lead()
        if ticket.error:
            raise ticket.error

    def _lead(self) -> None:
        """Do one request with what waits, then let the next one lead, if there is one."""
        with self._lock:
            tickets = self._taken()
        try:
            errors = self._request([ticket.entry for ticket in tickets])
        except Exception as error:  # so that nobody waits for ever
            failure = error if isinstance(error, QueueError) else QueueError(type(error).__name__)
            errors = [failure] * len(tickets)
        with self._lock:
            following = self._waiting[0] if self._waiting else None
            if following:
                following.leads = True
            self._is_under_way = following is not None
        for ticket, failed in zip(tickets, errors, strict=True):
            ticket.error, ticket.is_done = failed, True
        for told in (*tickets, *([following] if following else [])):
            if told.signal:
                told.signal.set()

    def _taken(self) -> list[_Ticket[Entry]]:
        """Take as many as one request holds, at least one."""
        tickets = [self._waiting.popleft()]
        size = tickets[0].size
        while self._waiting and len(tickets) < MOST_ENTRIES:
            size += self._waiting[0].size
            if size > LARGEST_BYTES:
                break
            tickets.append(self._waiting.popleft())
        return tickets

    def _give_up(self, ticket: _Ticket[Entry]) -> None:
        """Leave, unless it has become this one's turn to lead."""
        with self._lock:
            if ticket.leads or ticket.is_done:
                return
            if ticket in self._waiting:
                self._waiting.remove(ticket)
        raise QueueError("no answer in time")


class _Ticket(Generic[Entry]):
    """What one thread asks for; `signal` is set when it is done or leads, none if it leads now."""

    def __init__(self, entry: Entry, size: int, signal: Signal | None) -> None:
        self.entry = entry
        self.size = size
        self.signal = signal
        self.leads = signal is None
        self.is_done = False
        self.error: QueueError | None = None


class BatchedQueue(MessageQueue):
    """One queue, by its URL, for the threads of a worker. Methods raise `QueueError` as ever."""

    def __init__(self, client: SqsClient, url: str, threads: Threads) -> None:
        super().__init__(client, url)
        self._sends = SharedRequests(self._send_all, threads=threads, bytes_of=_bytes_of)
        self._deletions = SharedRequests(self._delete_all, threads=threads, bytes_of=len)

    def _send(self, entry: QueueEntry) -> None:
        self._sends.ask(entry)

    def delete(self, receipt: str) -> None:
        """Take a received message out for good."""
        self._deletions.ask(receipt)

    def _send_all(self, entries: Sequence[QueueEntry]) -> Answers:
        return self._asked(
            "SendMessage",
            self._client.send_message_batch,
            [{"Id": str(number), **entry} for number, entry in enumerate(entries)],
        )

    def _delete_all(self, receipts: Sequence[str]) -> Answers:
        return self._asked(
            "DeleteMessage",
            self._client.delete_message_batch,
            [
                {"Id": str(number), "ReceiptHandle": receipt}
                for number, receipt in enumerate(receipts)
            ],
        )

    def _asked(
        self, operation: str, call: Callable[..., Any], entries: Sequence[dict[str, Any]]
    ) -> Answers:
        """Do a request; what failed of it for itself is one failure each."""
        try:
            answer = call(QueueUrl=self._url, Entries=entries)
        except AwsError as error:
            raise QueueError(f"{operation} failed: {error.code}") from None
        done = {it["Id"] for it in answer.get("Successful", ())}
        codes = {it["Id"]: it["Code"] for it in answer.get("Failed", ())}
        return [
            None
            if entry["Id"] in done
            else QueueError(f"{operation} failed: {codes.get(entry['Id'], 'NoAnswer')}")
            for entry in entries
        ]


def _bytes_of(entry: QueueEntry) -> int:
    return len(entry["MessageBody"].encode()) + _ATTRIBUTES_BYTES
