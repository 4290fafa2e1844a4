"""What each passage of a message through an integration did: its hooks, calls and errors."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from firehose import MessageProcessor, Request
from firehose.processor import ITEM_HOOKS, MESSAGE_HOOKS
from local.function_environment import heard_by
from local.service_calls import ServiceExchange
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
    `seconds` is none before the end. `refused_hosts` are those that the integration was not let
    through to, `stored` is what was queued.
    """

    began: float = field(default_factory=time.perf_counter)
    seconds: float | None = None
    hooks: list[HookCall] = field(default_factory=list)
    exchanges: list[ServiceExchange] = field(default_factory=list)
    errors: list[Exception] = field(default_factory=list)
    stored: list[StoredMessage] = field(default_factory=list)
    refused_hosts: Sequence[str] = ()
    written: str = field(default="", repr=False)

    @property
    def log(self) -> list[str]:
        """What the function wrote meanwhile, line by line."""
        return self.written.splitlines()

    def hear(self, text: str) -> None:
        """Take what the function writes."""
        self.written += text


_current: ContextVar[Passage | None] = ContextVar("passage", default=None)
"""The passage that the code at hand works for; threads of the function inherit it."""


class Passages:
    """Knows which passage each hook, error and call belongs to.

    A call belongs to the message at work; of several, to the latest whose id is in the call, else
    to the latest of all. `changed` is told of a passage that has got something, `raised` of each
    error with its message, in whatever thread that happened.
    """

    def __init__(
        self,
        changed: Callable[[Passage], None] = lambda _passage: None,
        raised: Callable[[Exception, Request], None] = lambda _error, _request: None,
    ) -> None:
        self.changed = changed
        self._raised = raised
        self._at_work: list[tuple[str, Passage]] = []
        self._lock = threading.Lock()

    @contextmanager
    def passage(self) -> Iterator[Passage]:
        """Note what the code in a block does, and what it leaves behind."""
        passage = Passage()
        token = _current.set(passage)
        try:
            with heard_by(passage.hear):
                yield passage
        finally:
            _current.reset(token)
            passage.seconds = time.perf_counter() - passage.began
            self.changed(passage)

    def watch(self, integration: MessageProcessor) -> None:
        """Note what an integration does from now on.

        The object does what it did before, about a microsecond slower with each hook.
        """
        for hook in HOOKS:
            setattr(integration, hook, self._noting(hook, getattr(integration, hook)))
        # An instance's own attribute shadows the method, which stays what it is.
        vars(integration)["process"] = self._noting_message(integration.process)

    def note_stored(self, message: StoredMessage) -> None:
        """Note what is queued."""
        if passage := _current.get():
            passage.stored.append(message)
            self.changed(passage)

    def note_call(self, exchange: ServiceExchange) -> None:
        """Note a call that arrived at a service, and what it is answered."""
        if passage := self._passage_of(exchange):
            passage.exchanges.append(exchange)
            self.changed(passage)

    def _passage_of(self, exchange: ServiceExchange) -> Passage | None:
        with self._lock:
            at_work = list(self._at_work)
        if len(at_work) > 1:
            call = exchange.call
            texts = (call.path, *call.headers.values(), call.body.decode(errors="replace"))
            named = [it for it in at_work if any(it[0] in text for text in texts)]
            at_work = named or at_work
        return at_work[-1][1] if at_work else None

    def _noting(self, hook: str, method: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def noted(argument: Any) -> Any:
            call = HookCall(name=hook, began=time.perf_counter())
            if passage := _current.get():
                passage.hooks.append(call)
            try:
                return method(argument)
            finally:
                call.seconds = time.perf_counter() - call.began

        return noted

    def _noting_message(self, process: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def noted(request: Request) -> Any:
            passage = _current.get() or Passage()
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
