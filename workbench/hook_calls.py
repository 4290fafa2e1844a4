"""Which hooks of an integration are called, in which order, and what they raise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from firehose import FirehoseError, MessageProcessor, Request
from firehose.processor import ITEM_HOOKS, MESSAGE_HOOKS
from workbench.masking import Mask
from workbench.partner_trace import trace_of

HOOKS = (*(hook for hook, _ in MESSAGE_HOOKS.values()), *ITEM_HOOKS.values())


class Bug(NamedTuple):
    """An error that an integration raised and did not name: its class, and its masked trace."""

    error: str
    trace: str


class HookCalls:
    """Notes the calls of one integration object from its making on.

    The object does what it did before, about a microsecond slower with each hook.
    """

    def __init__(self, integration: MessageProcessor) -> None:
        self._called: list[str] = []
        self._raised: list[tuple[Exception, Request]] = []
        for hook in HOOKS:
            setattr(integration, hook, self._noting(hook, getattr(integration, hook)))
        # An instance's own attribute shadows the method, which stays what it is.
        vars(integration)["process"] = self._noting_errors(integration.process)

    def take(self) -> tuple[tuple[str, ...], tuple[Exception, ...]]:
        """Give the hooks called and the errors raised in their order, and forget them."""
        taken = tuple(self._called), tuple(error for error, _ in self._raised)
        self._called.clear()
        self._raised.clear()
        return taken

    def take_bugs(self) -> tuple[Bug, ...]:
        """Give what was raised and is no named failure, each once, and forget everything."""
        bugs = [
            Bug(type(error).__qualname__, Mask(request, identities=False).text(trace_of(error)))
            for error, request in self._raised
            if not isinstance(error, FirehoseError)
        ]
        self.take()
        return tuple(dict.fromkeys(bugs))

    def _noting(self, hook: str, method: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def noted(argument: Any) -> Any:
            self._called.append(hook)
            return method(argument)

        return noted

    def _noting_errors(self, process: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def noted(request: Any) -> Any:
            try:
                return process(request)
            except Exception as error:
                self._raised.append((error, request))
                raise

        return noted
