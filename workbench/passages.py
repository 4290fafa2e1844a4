"""What each passage of a message through an integration did: its hooks, calls and errors."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from firehose import MessageProcessor, Request
from firehose.processor import ITEM_HOOKS, MESSAGE_HOOKS
from local.stand_in import ServiceExchange
from workbench.memory_sqs import StoredMessage

HOOKS = (*(hook for hook, _ in MESSAGE_HOOKS.values()), *ITEM_HOOKS.values())


@dataclass(slots=True, kw_only=True)
class HookCall:
    """A call of a hook; `seconds` is none while it is at work. `began` is of `perf_counter`."""

    name: str
    began: float
    seconds: float | None = None


@dataclass(slots=True, kw_only=True)
class Passage:
    """One passage, by the endpoint or by the worker. It may grow after its end.

    A hook that was left behind at the end of its budget works on, and still belongs here.
    `seconds` is none before the end. `log` is what the function wrote meanwhile, `refused_hosts`
    are those that the integration was not let through to, `stored` is what was queued.
    """

    began: float = field(default_factory=time.perf_counter)
    seconds: float | None = None
    hooks: list[HookCall] = field(default_factory=list)
    exchanges: list[ServiceExchange] = field(default_factory=list)
    errors: list[Exception] = field(default_factory=list)
    log: Sequence[str] = ()
    refused_hosts: Sequence[str] = ()
    stored: Sequence[StoredMessage] = ()

    def end(
        self, *, log: Sequence[str], refused_hosts: Sequence[str], stored: Sequence[StoredMessage]
    ) -> None:
        """Note what is known when the message has been answered, or tried."""
        self.seconds = time.perf_counter() - self.began
        self.log, self.refused_hosts, self.stored = log, refused_hosts, stored


class Passages:
    """Knows which passage each hook, error and call belongs to; one begins after the other.

    A hook belongs to the passage that was the latest when its message came to the integration. A
    call belongs to the message at work; of several, to the one whose id is in the call, else to
    the latest. `changed` is told of a passage that has got something, `raised` of each error with
    its message, in whatever thread that happened.
    """

    def __init__(
        self,
        changed: Callable[[Passage], None] = lambda _passage: None,
        raised: Callable[[Exception, Request], None] = lambda _error, _request: None,
    ) -> None:
        self.changed = changed
        self._raised = raised
        self._latest = Passage()
        self._at_work: list[tuple[str, Passage]] = []
        self._lock = threading.Lock()
        self._here = threading.local()

    def begin(self) -> Passage:
        """Begin a passage; what comes now belongs to it."""
        self._latest = Passage()
        return self._latest

    def watch(self, integration: MessageProcessor) -> None:
        """Note what an integration does from now on.

        The object does what it did before, about a microsecond slower with each hook.
        """
        for hook in HOOKS:
            setattr(integration, hook, self._noting(hook, getattr(integration, hook)))
        # An instance's own attribute shadows the method, which stays what it is.
        vars(integration)["process"] = self._noting_message(integration.process)

    def note_call(self, exchange: ServiceExchange) -> None:
        """Note a call that arrived at a service, and what it is answered."""
        passage = self._passage_of(exchange)
        passage.exchanges.append(exchange)
        self.changed(passage)

    def _passage_of(self, exchange: ServiceExchange) -> Passage:
        with self._lock:
            at_work = list(self._at_work)
        if len(at_work) > 1:
            call = exchange.call
            content = b"\n".join([call.path.encode(), *map(str.encode, call.headers.values())])
            content += call.body
            at_work = [it for it in at_work if it[0].encode() in content] or at_work
        return at_work[-1][1] if at_work else self._latest

    def _noting(self, hook: str, method: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def noted(argument: Any) -> Any:
            passage = getattr(self._here, "passage", self._latest)
            call = HookCall(name=hook, began=time.perf_counter())
            passage.hooks.append(call)
            try:
                return method(argument)
            finally:
                call.seconds = time.perf_counter() - call.began

        return noted

    def _noting_message(self, process: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def noted(request: Request) -> Any:
            passage = self._here.passage = self._latest
            at_work = (request.id, passage)
            with self._lock:
                self._at_work.append(at_work)
            try:
                return process(request)
            except Exception as error:
                passage.errors.append(error)
                self._raised(error, request)
                raise
            finally:
                with self._lock:
                    self._at_work.remove(at_work)
                self.changed(passage)

        return noted
