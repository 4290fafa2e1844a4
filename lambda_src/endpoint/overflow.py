"""Inline work within a budget: what is not done by then is left behind and goes to the queue."""

from __future__ import annotations

import threading

from endpoint.circuit import CIRCUIT_OPEN, Circuit
from endpoint.failures import Failure, Overflowed, process
from endpoint.log import RequestLog, account_id
from endpoint.threads import Threads
from firehose import MessageProcessor, Request, Response, TimeLimit

LEFT_BEHIND = 20
"""So many threads may work on after their call was answered; then nothing is begun inline."""
OUT_OF_BUDGET = "OutOfBudget"
LEFT_TOO_MANY_BEHIND = "LeftTooManyBehind"


class Overflow:
    """Lets an integration work inline for `budget_seconds`, if its API is worth a try.

    Not even a hook that ignores its budget holds the answer: it works on a thread of its own,
    which is left behind, and its late result is logged.
    """

    def __init__(
        self, *, budget_seconds: float, threads: Threads, circuit: Circuit | None = None
    ) -> None:
        self._budget_seconds = budget_seconds
        self._threads = threads
        self._circuit = circuit or Circuit(threads.now)
        self._at_work: set[object] = set()

    def process(
        self, integration: MessageProcessor, request: Request
    ) -> Response | Failure | Overflowed:
        """Let the integration work; give its answer, its lasting failure, or why it overflowed."""
        if len(self._at_work) >= LEFT_BEHIND:
            return _overflowed(LEFT_TOO_MANY_BEHIND, begun=False)
        permit = self._circuit.permit()
        if permit is None:
            return _overflowed(CIRCUIT_OPEN, begun=False)
        outcome = self._within_budget(integration, request)
        has_overflowed = isinstance(outcome, Overflowed)
        self._circuit.note(permit, str(account_id(request)), failed=has_overflowed)
        return outcome

    def _within_budget(
        self, integration: MessageProcessor, request: Request
    ) -> Response | Failure | Overflowed:
        done = self._threads.signal()
        claim = threading.Lock()
        outcomes: list[Response | Failure] = []
        worker = object()

        def work() -> None:
            log = RequestLog()
            log.about(request)
            with TimeLimit(self._budget_seconds):
                outcome = _process_anything(integration, request)
            self._at_work.discard(worker)
            outcomes.append(outcome)
            if claim.acquire(blocking=False):
                done.set()
            elif isinstance(outcome, Failure):
                log.write("late", error=outcome.error, where=outcome.where)
            else:
                log.write("late")

        self._at_work.add(worker)
        self._threads.start(work)
        done.wait(self._budget_seconds)
        if claim.acquire(blocking=False):
            return _overflowed(OUT_OF_BUDGET, begun=True)
        (outcome,) = outcomes
        if isinstance(outcome, Failure) and not outcome.lasts:
            return _overflowed(outcome.error, begun=True, where=outcome.where)
        return outcome


def _process_anything(integration: MessageProcessor, request: Request) -> Response | Failure:
    try:
        return process(integration, request)
    except BaseException as error:  # a hook that ends its thread, as sys.exit() does
        return _overflowed(type(error).__qualname__, begun=True)


def _overflowed(error: str, *, begun: bool, where: str = "") -> Overflowed:
    return Overflowed(kind="temporary", error=error, where=where, begun=begun)
