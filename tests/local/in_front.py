"""What stands on loopback in front of the embedded AWS, and passes on what it does not answer."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from local.account_double import scope_of


class InFront(BaseHTTPRequestHandler):
    """Takes AWS's calls; `behind` is the URL of who answers the rest."""

    behind: str
    protocol_version = "HTTP/1.1"

    def take(self) -> None:
        """Answer one call, whatever its method."""
        self.pass_on(self.body())

    def do_GET(self) -> None:
        self.take()

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815 - http.server's names

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def scope(self) -> tuple[str, str]:
        """Say for which region and service a call was signed; empty words for one that was not."""
        return scope_of(self.headers.get("Authorization", ""))

    def operation(self, content: bytes) -> str | None:
        """Name the operation where the protocol does; a call in REST has a path instead."""
        if target := self.headers.get("X-Amz-Target"):
            return str(target.rpartition(".")[2])
        if self.is_query():
            return parse_qs(content.decode())["Action"][0]
        return None

    def is_query(self) -> bool:
        """Whether the call is a form, which is answered in XML."""
        return "x-www-form-urlencoded" in self.headers.get("Content-Type", "")

    def pass_on(self, content: bytes) -> None:
        behind = HTTPConnection(self.behind.removeprefix("http://"))
        try:
            behind.request(self.command, self.path, content, dict(self.headers.items()))
            response = behind.getresponse()
            self.send(response.status, response.read(), dict(response.headers.items()))
        except OSError:  # either side has hung up, which is no more than that to the other
            self.close_connection = True
        finally:
            behind.close()

    def send(self, status: int, content: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            if name.lower() not in {"content-length", "transfer-encoding", "connection"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's name
        """Stay silent."""


class _Server(ThreadingHTTPServer):
    """Does not wait at its end for connections that clients keep open."""

    daemon_threads = True
    block_on_close = False


@contextmanager
def served(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """Serve for the length of a block, on a free port of loopback; gives the URL."""
    server = _Server(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
