"""An HTTP/1.1 server on loopback that keeps connections open and answers each in a thread."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

LOOPBACK = "127.0.0.1"


class LoopbackServer(ThreadingHTTPServer):
    """The server; with port 0 it takes any free one. Raises `OSError` for one that is taken."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, handler: type[LoopbackHandler], *, port: int = 0) -> None:
        super().__init__((LOOPBACK, port), handler)
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://{LOOPBACK}:{self.server_address[1]}"

    def start(self) -> None:
        """Answer requests from now on, in a thread."""
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Take no more connections; those that are open stay."""
        self.shutdown()
        self.server_close()
        if self._thread:
            self._thread.join()

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing when a caller leaves: whoever waits for its calls is told."""

    @contextmanager
    def running(self) -> Iterator[Self]:
        """Serve for the length of a block."""
        self.start()
        try:
            yield self
        finally:
            self.stop()


class LoopbackHandler(BaseHTTPRequestHandler):
    """Answers one connection; a subclass says how in `answer`, which every method leads to."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 1 << 16

    def answer(self) -> None:
        """Answer a request of any method."""
        raise NotImplementedError

    def do_GET(self) -> None:
        """Lead to `answer`; looked up anew, because a subclass defines it."""
        self.answer()

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815 - names that the base class looks for

    def send(self, status: int, headers: Mapping[str, str], content: bytes) -> None:
        """Send a whole answer; its length is added to the headers."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Keep the server quiet."""
