"""A partner's service for benchmarks: a process of its own that costs the measured one nothing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

# Each connection has a thread, which only waits; answers come in one piece.
_SERVICE = """
import socket, sys, threading, time

ANSWER = (
    b"HTTP/1.1 200 OK\\r\\nServer: nginx\\r\\nDate: Mon, 23 Nov 2026 18:00:00 GMT\\r\\n"
    b"Content-Type: application/json\\r\\nContent-Length: 2\\r\\n"
    b"Connection: keep-alive\\r\\n\\r\\n{}"
)
seconds, well = (float(argument) / 1000 for argument in sys.argv[1:])

def is_well():
    return well and time.monotonic() // well % 2 == 0

def serve(connection):
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    came = b""
    while data := connection.recv(1 << 16):
        came += data
        head, end, body = came.partition(b"\\r\\n\\r\\n")
        size = int(head.lower().partition(b"content-length:")[2].split(b"\\r\\n")[0]) if end else 0
        if end and len(body) >= size:
            came = body[size:]
            if seconds and not is_well():
                time.sleep(seconds)
            connection.sendall(ANSWER)

server = socket.create_server(("127.0.0.1", 0), backlog=128)
print(server.getsockname()[1], flush=True)
while True:
    threading.Thread(target=serve, args=server.accept()[:1], daemon=True).start()
"""


@contextmanager
def partner_service(*, milliseconds: float = 0.0, well_ms: float = 0.0) -> Iterator[str]:
    """Serve for the length of a block, each call after so long; gives the URL.

    With `well_ms` it answers at once in every other stretch of that length.
    """
    command = [sys.executable, "-I", "-c", _SERVICE, str(milliseconds), str(well_ms)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield f"http://127.0.0.1:{process.stdout.readline().strip() if process.stdout else ''}"
        finally:
            process.kill()
