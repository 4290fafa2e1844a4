"""A service of AWS on loopback: remembers what it was sent, and answers what a test wants."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Aws:
    """A service on loopback: remembers requests, gives its answers in turn, then the last one."""

    def __init__(self, answers: Sequence[tuple[int, bytes]]) -> None:
        self.answers = list(answers)
        self.requests: list[tuple[str, dict[str, str], bytes]] = []
        aws = self

        class Call(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self.do_POST()

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                headers = {name.lower(): value for name, value in self.headers.items()}
                aws.requests.append((self.path, headers, body))
                status, answer = aws.answers[min(len(aws.requests), len(aws.answers)) - 1]
                self.send_response(status)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_request(self, *_: Any) -> None:
                """Keep quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Call)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"


@contextmanager
def served(*answers: tuple[int, bytes]) -> Iterator[Aws]:
    aws = Aws(answers or [(200, b"{}")])
    threading.Thread(target=aws.server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield aws
    finally:
        aws.server.shutdown()
        aws.server.server_close()
