"""A service that sends exactly the bytes it is made with, as slowly as it is told."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress


@contextmanager
def raw_service(
    pieces: Sequence[bytes], *, pause: float = 0.0, then_close: bool = False
) -> Iterator[str]:
    """Send the pieces, a pause before each, in reply to whatever comes; give the URL."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(
            target=_serve, args=(server, pieces, pause, then_close), daemon=True
        ).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def _serve(server: socket.socket, pieces: Sequence[bytes], pause: float, then_close: bool) -> None:
    with suppress(OSError):  # the test has left
        while True:
            connection, _ = server.accept()
            with connection, suppress(OSError):  # the caller has left
                while connection.recv(65_536):
                    for piece in pieces:
                        time.sleep(pause)
                        connection.sendall(piece)
                    if then_close:
                        break
