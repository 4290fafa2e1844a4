"""SQS and Secrets Manager for benchmarks, on loopback: answer everything at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKEN = "benchmark"  # noqa: S105 - of nothing but this benchmark
_ANSWERS = {
    "SendMessage": b'{"MessageId": "m"}',
    "GetSecretValue": b'{"ARN": "a", "Name": "n", "SecretString": "' + TOKEN.encode() + b'"}',
}


class _Call(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body in one packet, or the kernel's delayed acknowledgement is what is measured.
    wbufsize = 1 << 16
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        """Answer an operation."""
        self.rfile.read(int(self.headers["Content-Length"]))
        answer = _ANSWERS[self.headers["X-Amz-Target"].rpartition(".")[2]]
        self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_request(self, *_: Any) -> None:
        """Keep the server quiet."""


@contextmanager
def local_aws() -> Iterator[str]:
    """Serve for the length of a block; gives the URL."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Call)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
