"""A service that sends exactly the bytes it is made with, as slowly as it is told."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress


@contextmanager
def raw_service(
    pieces: Sequence[bytes],
    *,
    pause: float = 0.0,
    then_close: bool = False,
    tls: ssl.SSLContext | None = None,
    says_goodbye: bool = True,
) -> Iterator[str]:
    """Send the pieces, a pause before each, in reply to whatever comes; give the URL.

    Over TLS the end of a connection is announced, as it has to be, or not.
    """
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(
            target=_serve,
            args=(server, pieces),
            kwargs={
                "pause": pause,
                "then_close": then_close,
                "tls": tls,
                "says_goodbye": says_goodbye,
            },
            daemon=True,
        ).start()
        yield f"{'https' if tls else 'http'}://127.0.0.1:{server.getsockname()[1]}"


def _serve(
    server: socket.socket,
    pieces: Sequence[bytes],
    *,
    pause: float,
    then_close: bool,
    tls: ssl.SSLContext | None,
    says_goodbye: bool,
) -> None:
    with suppress(OSError):  # the test has left
        while True:
            connection, _ = server.accept()
            if tls:
                connection = tls.wrap_socket(connection, server_side=True)
            with connection, suppress(OSError):  # the caller has left
                while connection.recv(65_536):
                    for piece in pieces:
                        time.sleep(pause)
                        connection.sendall(piece)
                    if then_close:
                        if says_goodbye and isinstance(connection, ssl.SSLSocket):
                            connection.unwrap()
                        break
