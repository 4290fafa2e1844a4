"""Every call ends within its time, whatever the service does."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from local.stand_in import StandIn
from partner_http import Connections
from tests.partner_http.posting import OK, post
from tests.standin.raw_service import raw_service


@pytest.mark.parametrize(
    "pieces",
    [
        [bytes([byte]) for byte in OK],
        [OK[:20], *[bytes([byte]) for byte in OK[20:]]],
        [b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", *[b"x"] * 1000],
    ],
    ids=["all", "headers", "body"],
)
def test_answer_that_comes_byte_by_byte_has_to_be_whole_in_time(pieces: list[bytes]) -> None:
    with raw_service(pieces, pause=0.05) as url, pytest.raises(TimeoutError):
        post(Connections(url), seconds=0.3)  # each byte comes in time, the answer does not


def test_service_that_never_reads_is_given_up_in_time() -> None:
    with raw_service([], pause=30) as url, pytest.raises(TimeoutError):
        post(Connections(url), b"x" * 20_000_000, seconds=0.3)


@pytest.fixture
def deaf() -> Iterator[str]:
    """Listen, and take no connection: the kernel drops what exceeds the backlog."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server, ExitStack() as waiting:
        for _ in range(8):
            one = waiting.enter_context(socket.socket())
            one.setblocking(False)
            one.connect_ex(server.getsockname())
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.parametrize(("connect", "total"), [(0.2, 60.0), (60.0, 0.2)])
def test_connecting_is_given_up_in_time(connect: float, total: float, deaf: str) -> None:
    started = time.monotonic()
    with pytest.raises(TimeoutError):
        post(Connections(deaf, connect_seconds=connect), seconds=total)
    assert 0.15 < time.monotonic() - started < 30


def test_nothing_is_sent_when_no_time_is_left(connections: Connections, partner: StandIn) -> None:
    with pytest.raises(TimeoutError):
        post(connections, seconds=0)
    assert partner.received == []
