"""An ASGI application on a loopback port, in a thread, for the length of a block."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from console.exit_codes import UsageError
from local.loopback_server import LOOPBACK
from workbench.same_origin import SameOrigin

_END_SECONDS = 2


def bound_to(port: int) -> socket.socket:
    """Take a port on loopback, any free one for 0. Raises `UsageError` for one that is taken."""
    # named, because asyncio sends without delay only what it knows to be TCP
    taken = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((LOOPBACK, port))
        taken.listen()  # a browser that is quicker than the server waits
    except OSError as error:
        taken.close()
        raise UsageError(
            f"port {port} cannot be used: {error.strerror}",
            next_step="leave out --port for any free one",
        ) from None
    return taken


def url_of(listener: socket.socket) -> str:
    """Say where a listener answers."""
    return f"http://{LOOPBACK}:{listener.getsockname()[1]}"


@contextmanager
def serving(app: ASGIApp, listener: socket.socket) -> Iterator[None]:
    """Serve for the length of a block; answers that go on are cut soon after it."""
    port = listener.getsockname()[1]
    hosts = {f"{name}:{port}" for name in (LOOPBACK, "localhost")}
    config = uvicorn.Config(
        SameOrigin(app, hosts=hosts),
        log_config=None,
        log_level="critical",
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=_END_SECONDS,
        server_header=False,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()
        listener.close()
