"""The messages of one batch, in parallel, within the time that Lambda leaves."""

from __future__ import annotations

import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from endpoint.circuit import CIRCUIT_OPEN, Circuit, Permit
from endpoint.delivery import Delivery, TryResult
from endpoint.log import RequestLog
from endpoint.queued_message import QueuedMessage, to_try_together
from endpoint.threads import Signal, SystemThreads, Threads
from firehose import TimeLimit

REPORTING_SECONDS = 2.0
"""What is kept of the call's time, though at most half of it, to settle what is not done."""
LEFT_BEHIND = 20
"""So many threads may work on after their batch; then the process ends."""

_OUT_OF_TIME = "OutOfTime"
_LAST_CALL_SHARE = 0.65
"""Of that: what the worst call of a queue takes (`endpoint.aws`), so none is begun any more."""
_ANSWER_SECONDS = 0.1


class _Try:
    """One message at hand. Whoever gets the claim settles it: its thread, or the batch.

    `permit` is that of its call, none before it is begun.
    """

    def __init__(self, message: QueuedMessage, ended: Signal) -> None:
        self.message = message
        self.ended = ended
        self.permit: Permit | None = None
        self.is_settled = False
        self._claim = threading.Lock()

    def claim(self) -> bool:
        """Take the right to settle the message; once only."""
        return self._claim.acquire(blocking=False)

    @property
    def is_claimed(self) -> bool:
        return self._claim.locked()


def end_process() -> NoReturn:
    """End this process at once, with the threads that hang in it; Lambda starts another."""
    RequestLog().write("failed", error="LeftTooManyBehind")
    sys.stdout.flush()
    os._exit(1)


class Batch:
    """Delivers batches, `parallel` messages at once.

    `end_process` is called while no message is at hand, when too many hooks never ended.
    """

    def __init__(
        self,
        delivery: Delivery,
        *,
        parallel: int,
        threads: Threads | None = None,
        circuit: Circuit | None = None,
        end_process: Callable[[], NoReturn] = end_process,
    ) -> None:
        self._delivery = delivery
        self._parallel = parallel
        self._threads = threads or SystemThreads()
        self._circuit = circuit or Circuit(self._threads.now)
        self._end_process = end_process
        # Those that threads are at; between two batches, those that were left behind.
        self._at_work: set[_Try] = set()

    def deliver(self, records: Sequence[dict[str, Any]], *, remaining_seconds: float) -> list[str]:
        """Deliver every record on its own; give the ids of those that must come again.

        A message that is still at work when the time is up is taken from its thread and tried
        again, so it may reach the partner twice, but it is never lost.
        """
        self._delivery.tally.open()
        try:
            return self._delivered(records, remaining_seconds)
        finally:
            self._delivery.tally.close()

    def _delivered(self, records: Sequence[dict[str, Any]], remaining_seconds: float) -> list[str]:
        end = self._threads.now() + remaining_seconds
        messages = [QueuedMessage.from_record(record) for record in records]
        chosen = to_try_together(messages)
        others = [message for message in messages if message not in chosen]
        kept = [message for message in others if not self._delivery.set_aside(message)]
        is_alone = any(message.alone for message in chosen)
        if self._must_end(is_alone=is_alone) or (is_alone and kept):
            kept += [message for message in chosen if not self._delivery.set_aside(message)]
            chosen = []
        if self._must_end(is_alone=is_alone):
            self._delivery.tally.close()
            self._end_process()
        tries = [_Try(message, self._threads.signal()) for message in chosen]
        self._deliver(tries, end=end, remaining_seconds=remaining_seconds)
        return [
            *(message.id for message in kept),
            *(it.message.id for it in tries if not it.is_settled),
        ]

    def _must_end(self, *, is_alone: bool) -> bool:
        """Whether threads that were left behind are too many, or company for a suspect."""
        return len(self._at_work) > (0 if is_alone else LEFT_BEHIND)

    def _deliver(self, tries: Sequence[_Try], *, end: float, remaining_seconds: float) -> None:
        reporting = min(REPORTING_SECONDS, remaining_seconds / 2)
        deadline = end - reporting
        todo = deque(tries)
        for _ in range(min(self._parallel, len(tries))):
            self._start(todo, deadline)
        for it in tries:
            it.ended.wait(max(0.0, deadline - self._threads.now()))
        self._give_up(tries, last_call=end - _LAST_CALL_SHARE * reporting, end=end)

    def _start(self, todo: deque[_Try], deadline: float) -> None:
        def work() -> None:
            while it := _next(todo):
                self._at_work.add(it)
                self._try(it, deadline)
                self._at_work.discard(it)  # before the batch can end with it
                it.ended.set()

        self._threads.start(work)

    def _try(self, it: _Try, deadline: float) -> None:
        """Try and settle one message, unless the batch has given it up."""
        permit = self._wait_for_permit(deadline)
        if permit is None:
            return
        it.permit = permit
        if it.is_claimed:
            self._note(it, permit, failed=None)
            return
        try:
            with TimeLimit(deadline - self._threads.now()):
                result = self._delivery.attempt(it.message)
        except BaseException as error:  # a hook that ends its thread, as sys.exit() does
            result = self._failed(it.message, type(error).__qualname__)
        if not it.claim():
            result.log.write("late", error=result.error, where=result.where)
            return
        self._note(it, permit, failed=result.failed)
        try:
            it.is_settled = self._delivery.settle(it.message, result)
        except Exception as error:  # so that no thread ends, and the message comes again
            result.log.write("retried", error=type(error).__qualname__)

    def _wait_for_permit(self, deadline: float) -> Permit | None:
        """Wait while the partner's API is down, instead of using up the tries of every message."""
        while (now := self._threads.now()) < deadline:
            if permit := self._circuit.permit():
                return permit
            self._threads.signal().wait(min(self._circuit.wait_seconds, deadline - now))
        return None

    def _note(self, it: _Try, permit: Permit, *, failed: bool | None) -> None:
        self._circuit.note(permit, it.message.group, failed=failed)

    def _give_up(self, tries: Sequence[_Try], *, last_call: float, end: float) -> None:
        """Settle what no thread has claimed, as long as there is time."""
        settling: list[_Try] = []
        for it in tries:
            if it.claim():
                self._settle_given_up(it, has_time=self._threads.now() < last_call)
            else:  # its thread is settling it
                settling.append(it)
        for it in settling:
            it.ended.wait(max(0.0, end - _ANSWER_SECONDS - self._threads.now()))

    def _settle_given_up(self, it: _Try, *, has_time: bool) -> None:
        result, permit = self._failed(it.message, _OUT_OF_TIME), it.permit
        if permit:
            self._note(it, permit, failed=True)
        if not has_time:
            result.log.write("retried", error=_OUT_OF_TIME)
        elif permit:
            it.is_settled = self._delivery.settle(it.message, result)
        else:
            it.is_settled = self._delivery.set_aside(it.message)
            result.log.write("held", error=CIRCUIT_OPEN if self._circuit.is_open else _OUT_OF_TIME)

    def _failed(self, message: QueuedMessage, error: str) -> TryResult:
        return TryResult(outcome="retried", log=self._delivery.log_of(message), error=error)


def report(failed: Sequence[str]) -> dict[str, Any]:
    """Give what Lambda is answered for a batch of which these messages must come again."""
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}


def _next(todo: deque[_Try]) -> _Try | None:
    try:
        return todo.popleft()
    except IndexError:
        return None
