"""Which hooks of an integration are called, in which order, and what they raise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from firehose import MessageProcessor
from firehose.processor import ITEM_HOOKS, MESSAGE_HOOKS

HOOKS = (*(hook for hook, _ in MESSAGE_HOOKS.values()), *ITEM_HOOKS.values())


class HookCalls:
    """Notes the calls of one integration object from its making on.

    The object does what it did before, about a microsecond slower with each hook.
    """

    def __init__(self, integration: MessageProcessor) -> None:
        self._called: list[str] = []
        self._errors: list[Exception] = []
        for hook in HOOKS:
            setattr(integration, hook, self._noting(hook, getattr(integration, hook)))
        # An instance's own attribute shadows the method, which stays what it is.
        vars(integration)["process"] = self._noting_errors(integration.process)

    def take(self) -> tuple[tuple[str, ...], tuple[Exception, ...]]:
        """Give the hooks called and the errors raised in their order, and forget them."""
        taken = tuple(self._called), tuple(self._errors)
        self._called.clear()
        self._errors.clear()
        return taken

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
                self._errors.append(error)
                raise

        return noted
