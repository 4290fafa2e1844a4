"""Lambda's Runtime API on loopback, from which one process takes events and to which it answers.

docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import uuid4

from local.loopback_server import LoopbackHandler, LoopbackServer

_PREFIX = "/2018-06-01/runtime/"
_POLL_SECONDS = 0.05


@dataclass(slots=True)
class Invocation:
    """An event, and how it ended: with the bytes of an answer, or of an error of the function's."""

    payload: bytes = field(repr=False)
    deadline_ms: int
    id: str = field(default_factory=lambda: str(uuid4()))
    done: threading.Event = field(default_factory=threading.Event)
    answer: bytes = field(default=b"", repr=False)
    is_error: bool = False


class RuntimeApi(LoopbackServer):
    """The API for one process, which gets one event after another.

    `init_error` is what the process could not begin with, none while all is well.
    """

    def __init__(self) -> None:
        super().__init__(_RuntimeCall)
        self.init_error: bytes | None = None
        self.waiting: queue.Queue[Invocation] = queue.Queue()
        self.under_way: dict[str, Invocation] = {}
        self.is_ending = False
        self.asked = threading.Event()

    @property
    def address(self) -> str:
        """What the process is given as `AWS_LAMBDA_RUNTIME_API`."""
        return self.url.removeprefix("http://")

    def stop(self) -> None:
        """Let a process that waits for an event go, too."""
        self.is_ending = True
        super().stop()

    def wait_until_ready(self, *, seconds: float, is_alive: Callable[[], bool]) -> bool:
        """Wait until the process asks for its first event; tell whether it did, so long at most."""
        until = time.monotonic() + seconds
        while is_alive() and time.monotonic() < until:
            if self.asked.wait(_POLL_SECONDS):
                return True
        return False

    def invoke(
        self, payload: bytes, *, seconds: float, is_alive: Callable[[], bool]
    ) -> Invocation | None:
        """Give the process an event and wait for what it makes of it.

        None when it is no longer alive. Raises `TimeoutError` after so many seconds.
        """
        until = time.monotonic() + seconds
        invocation = Invocation(payload, int((time.time() + seconds) * 1000))
        self.waiting.put(invocation)
        while not invocation.done.wait(_POLL_SECONDS):
            if not is_alive():
                return None
            if time.monotonic() >= until:
                raise TimeoutError
        return invocation


class _RuntimeCall(LoopbackHandler):
    server: RuntimeApi

    def answer(self) -> None:
        path = self.path.removeprefix(_PREFIX)
        if path == "invocation/next":
            self._give()
            return
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if path == "init/error":
            self.server.init_error = body
        else:
            _, invocation_id, kind = path.split("/")
            invocation = self.server.under_way.pop(invocation_id)
            invocation.answer, invocation.is_error = body, kind == "error"
            invocation.done.set()
        self.send(202, {}, b"")

    def _give(self) -> None:
        self.server.asked.set()
        while not self.server.is_ending:
            try:
                invocation = self.server.waiting.get(timeout=_POLL_SECONDS)
            except queue.Empty:
                continue
            self.server.under_way[invocation.id] = invocation
            headers = {
                "Content-Type": "application/json",
                "Lambda-Runtime-Aws-Request-Id": invocation.id,
                "Lambda-Runtime-Deadline-Ms": str(invocation.deadline_ms),
                "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:local:0:function:local",
            }
            self.send(200, headers, invocation.payload)
            return
        self.close_connection = True
