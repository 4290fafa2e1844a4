"""An example of a partner's HTTP service, on loopback: records what arrives, fails when asked to.

The demo and the tests deliver to it. By hand, `python -m ops.local.partner_api FILE` writes its URL
and the id of every message that arrives to a file, one a line, until standard input closes.
"""

from __future__ import annotations

import io
import json
import socket
import struct
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Literal

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """What the service does with a call: answer after `seconds`, or cut the connection."""

    status: int = 200
    retry_after: int | None = None
    seconds: float = 0.0
    resets: bool = False


BEHAVIOURS: dict[str, Behaviour] = {
    "ok": Behaviour(),
    "unauthorized": Behaviour(status=401),
    "busy": Behaviour(status=429, retry_after=1),
    "error": Behaviour(status=500),
    "slow": Behaviour(seconds=1),
    "reset": Behaviour(resets=True),
}
BehaviourName = Literal["ok", "unauthorized", "busy", "error", "slow", "reset"]

Choice = Callable[[str], Behaviour]
"""Chooses the behaviour of a call by the id of its message."""


class PartnerApi(ThreadingHTTPServer):
    """The service. `calls` counts every call by message id, `delivered` those answered with 200.

    `choose` may be replaced at any time.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, choose: Choice, arrived: Callable[[str], None] | None = None) -> None:
        super().__init__((LOOPBACK, 0), _Call)
        self.choose = choose
        self.calls: Counter[str] = Counter()
        self.delivered: Counter[str] = Counter()
        self._arrived = arrived
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://{LOOPBACK}:{self.server_address[1]}"

    def note(self, counts: Counter[str], message_id: str) -> None:
        """Count a call of a message."""
        with self._lock:
            counts[message_id] += 1
            if counts is self.delivered and self._arrived:
                self._arrived(message_id)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing when a caller leaves; that is what some tests are about."""


class _Call(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 1 << 16
    server: PartnerApi

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        message_id = str(json.loads(body)["id"])
        behaviour = self.server.choose(message_id)
        self.server.note(self.server.calls, message_id)
        time.sleep(behaviour.seconds)
        if behaviour.resets:
            self._reset()
            return
        if behaviour.status == 200:
            self.server.note(self.server.delivered, message_id)
        self.send_response(behaviour.status)
        if behaviour.retry_after is not None:
            self.send_header("Retry-After", str(behaviour.retry_after))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _reset(self) -> None:
        # a linger of nothing makes closing a reset
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True
        self.wfile = io.BytesIO()  # the base class still flushes

    def log_message(self, *_: object) -> None:
        """Keep the server quiet."""


@contextmanager
def partner_api(
    choose: Choice, arrived: Callable[[str], None] | None = None
) -> Iterator[PartnerApi]:
    """Run the service for the length of a block."""
    server = PartnerApi(choose, arrived)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def always(name: BehaviourName) -> Choice:
    """Choose the same for every call."""
    return lambda _message_id: BEHAVIOURS[name]


def main() -> None:
    """Serve until whoever started this closes its standard input."""
    with Path(sys.argv[1]).open("w", encoding="utf-8", buffering=1) as file:

        def arrived(message_id: str) -> None:
            file.write(f"{message_id}\n")

        with partner_api(always("ok"), arrived) as server:
            file.write(f"{server.url}\n")
            sys.stdin.read()


if __name__ == "__main__":
    main()
