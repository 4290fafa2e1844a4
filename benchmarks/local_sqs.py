"""SQS for benchmarks: takes every message at once, on loopback."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_TAKEN = b'{"MessageId": "m"}'


class _Call(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body in one packet, or the kernel's delayed acknowledgement is what is measured.
    wbufsize = 1 << 16
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        """Take a message."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(_TAKEN)))
        self.end_headers()
        self.wfile.write(_TAKEN)

    def log_request(self, *_: Any) -> None:
        """Keep the server quiet."""


@contextmanager
def local_sqs() -> Iterator[str]:
    """Serve for the length of a block; gives the URL."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Call)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
