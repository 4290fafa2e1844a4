"""An example of a partner's HTTP service, on loopback: records what arrives, fails when asked to.

The demo and the tests deliver to it.
"""

from __future__ import annotations

import io
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from local.loopback_server import LoopbackHandler, LoopbackServer
from local.service_calls import Behaviour, Choice, ReceivedCall, ServiceExchange, always

_STILL_SECONDS = 0.2
_QUIET_SECONDS = 2.0


class Door(LoopbackServer):
    """Where the calls come in that are meant for one `origin`, to be answered by a `service`."""

    def __init__(self, service: AnsweringService, origin: str, *, port: int = 0) -> None:
        super().__init__(ServiceHandler, port=port)
        self.service = service
        self.origin = origin


class AnsweringService(Door):
    """A service that tells of every call and forgets it; `choose` may be replaced at any time.

    Nobody knows which origin the calls were meant for that come in at its own door.
    """

    def __init__(
        self, choose: Choice, observe: Callable[[ServiceExchange], None], *, port: int = 0
    ) -> None:
        super().__init__(self, "", port=port)
        self.choose = choose
        self._observe = observe

    def answer_to(self, call: ReceivedCall) -> Behaviour:
        """Choose the answer to a call, and tell of both, whatever becomes of it."""
        began = time.perf_counter()
        answer = self.choose(call)
        seconds = time.perf_counter() - began + answer.seconds
        self._observe(ServiceExchange(call=call, answer=answer, began=began, seconds=seconds))
        return answer

    def answering(self) -> AbstractContextManager[None]:
        """Hear that a call is under way for the length of a block."""
        return nullcontext()

    def note_delivered(self, call: ReceivedCall) -> None:
        """Hear of a call that is about to be answered well."""


class StandIn(AnsweringService):
    """The service that remembers: `received` has every call in its order.

    `calls` counts them by message id, `delivered` those answered with 2xx, and `effects` the same
    by idempotency key: one key is one effect, however often it comes. On any free port, unless
    one is named; raises `OSError` for one that is taken.
    """

    def __init__(self, choose: Choice, *, port: int = 0) -> None:
        super().__init__(choose, self._remember, port=port)
        self.received: list[ReceivedCall] = []
        self.calls: Counter[str] = Counter()
        self.delivered: Counter[str] = Counter()
        self.effects: Counter[str] = Counter()
        self._untaken: list[ServiceExchange] = []
        self._lock = threading.Lock()
        self._under_way = 0
        self._changed = threading.Condition(self._lock)

    def _remember(self, exchange: ServiceExchange) -> None:
        with self._lock:
            self.received.append(exchange.call)
            self._changed.notify_all()
            self.calls[exchange.call.message_id] += 1
            self._untaken.append(exchange)

    def take_exchanges(self) -> tuple[ServiceExchange, ...]:
        """Give the exchanges since they were last taken, in the order of their answers."""
        with self._lock:
            exchanges, self._untaken = self._untaken, []
        return tuple(exchanges)

    def note_delivered(self, call: ReceivedCall) -> None:
        """Count a call that did what it asked for."""
        with self._lock:
            self.delivered[call.message_id] += 1
            self.effects[call.idempotency_key] += 1

    @contextmanager
    def away(self) -> Iterator[None]:
        """Refuse connections, and cut those that are open, for the length of a block."""
        chosen, self.choose = self.choose, always("reset")
        self.stop()
        # bound and not listening: the port stays ours, and whoever connects is refused
        self.socket = socket.socket(self.address_family, self.socket_type)
        self.server_bind()
        try:
            yield
        finally:
            self.server_activate()
            self.start()
            self.choose = chosen

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Count a call as under way for the length of a block."""
        with self._lock:
            self._under_way += 1
        try:
            yield
        finally:
            with self._changed:
                self._under_way -= 1
                self._changed.notify_all()

    @property
    def is_answering(self) -> bool:
        """Whether any call is under way."""
        return self._under_way > 0

    def wait_until_quiet(self, seconds: float) -> None:
        """Wait until no call is under way, also of callers that have left; so long at most."""
        with self._changed:
            self._changed.wait_for(lambda: not self.is_answering, seconds)

    def wait_for_call(self, seconds: float) -> bool:
        """Wait for one more call, so long at most; tell whether it came."""
        with self._changed:
            count = len(self.received)
            return self._changed.wait_for(lambda: len(self.received) > count, seconds)

    def wait_until_still(self) -> None:
        """Wait until the calls have ceased of code whose queue nobody can look into."""
        self.wait_until_quiet(_QUIET_SECONDS)
        while self.wait_for_call(_STILL_SECONDS):
            self.wait_until_quiet(_QUIET_SECONDS)


class ServiceHandler(LoopbackHandler):
    """Takes a call and answers as the service chooses."""

    server: Door

    def answer(self) -> None:
        """Do as the service chooses."""
        with self.server.service.answering():
            self._answer(self.server.service)

    def _answer(self, service: AnsweringService) -> None:
        call = ReceivedCall(
            method=self.command,
            origin=self.server.origin,
            path=self.path,
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(int(self.headers.get("Content-Length", 0))),
        )
        behaviour = service.answer_to(call)
        if behaviour.sooner:
            behaviour.sooner.wait(behaviour.seconds)
        else:
            time.sleep(behaviour.seconds)
        if behaviour.resets:
            self._reset()
            return
        if behaviour.status < 300:
            service.note_delivered(call)
        headers = {}
        if behaviour.retry_after is not None:
            headers["Retry-After"] = str(behaviour.retry_after)
        if behaviour.body:
            headers["Content-Type"] = behaviour.content_type
        self.send(behaviour.status, headers, behaviour.body)

    def _reset(self) -> None:
        # a linger of nothing makes closing a reset
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True
        self.wfile = io.BytesIO()  # the base class still flushes


@contextmanager
def stand_in(choose: Choice) -> Iterator[StandIn]:
    """Run the service for the length of a block."""
    with StandIn(choose).running() as server:
        yield server
