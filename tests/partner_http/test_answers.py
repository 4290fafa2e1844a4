"""What a service may answer: each form is read, and what is no whole answer is an error."""

from __future__ import annotations

import time
from contextlib import closing

import pytest

from local.stand_in import StandIn
from partner_http import Connections
from partner_http.exchange import LARGEST_ANSWER
from tests.partner_http.posting import OK, post
from tests.standin.raw_service import raw_service


def test_answer_to_head_has_no_body_and_keeps_the_connection() -> None:
    with raw_service([b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"]) as url:
        connections = Connections(url)
        for _ in range(2):
            answer = connections.request("HEAD", "/x", seconds=5)
            assert (answer.status, answer.body) == (200, b"")
            assert answer.headers["content-length"] == "1000"
            assert len(connections._idle) == 1
        connections.close()


def test_body_in_answer_to_head_is_never_taken_for_the_next_answer() -> None:
    stray = b"HTTP/1.1 299 Stray\r\nContent-Length: 0\r\n\r\n"
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(stray)}\r\n\r\n".encode()
    for pieces in ([head, stray], [head + stray]):
        with raw_service(pieces) as url:
            connections = Connections(url)
            assert connections.request("HEAD", "/x", seconds=5)[::2] == (200, b"")
            time.sleep(0.05)
            assert connections.request("GET", "/x", seconds=5)[::2] == (200, stray)
            connections.close()


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        (OK, b"{}"),
        (b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + OK, b"{}"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", b"{}"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", b""),
        (b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{}", b"{}"),
        (b"HTTP/1.0 200 OK\r\n\r\n{}", b"{}"),
    ],
    ids=["length", "hints", "chunks", "nothing", "close", "HTTP/1.0"],
)
def test_each_form_of_an_answer_is_read(answer: bytes, body: bytes) -> None:
    closes = b"Connection: close" in answer or answer.startswith(b"HTTP/1.0")
    with raw_service([answer], then_close=closes) as url:
        connections = Connections(url)
        for _ in range(2):
            answered = connections.request("POST", "/x", body=b"{}", seconds=5)
            assert (answered.body, answered.is_whole) == (body, True)
        connections.close()


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 10\r\n\r\n{}",
        b"HTTP/1.0 200 OK\r\nContent-Length: 10\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",
        b"HTTP/1.1 103 Early Hints\r\nConnection: close\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n",
        OK + OK,
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 20_000,
        b"HTTP/1.1 100 Continue\r\n\r\n" * 5_000,
    ],
    ids=[
        "no HTTP",
        "nothing",
        "cut in the headers",
        "cut in the body",
        "cut in the body, said to be the last",
        "cut in the body of HTTP/1.0",
        "cut between chunks, said to be the last",
        "only hints",
        "other protocol, unnamed",
        "other protocol",
        "two",
        "endless headers",
        "endless hints",
    ],
)
def test_what_is_no_answer_is_an_error(answer: bytes) -> None:
    with (
        raw_service([answer], then_close=True) as url,
        pytest.raises(ConnectionError),
    ):
        post(Connections(url))


@pytest.mark.parametrize(
    ("size", "is_whole"), [(LARGEST_ANSWER, True), (LARGEST_ANSWER + 1, False), (10**6, False)]
)
def test_of_an_answer_that_is_too_long_the_beginning_is_read(size: int, is_whole: bool) -> None:
    head = b"HTTP/1.1 422 No\r\nContent-Length: %07d\r\n\r\n"
    body = b"x" * (size - len(head % 0))
    with raw_service([head % len(body) + body]) as url:
        connections = Connections(url)
        answer = connections.request("GET", "/x", seconds=5)
        assert (answer.status, answer.is_whole) == (422, is_whole)
        assert len(answer.body) == min(size, LARGEST_ANSWER) - len(head % 0)
        assert len(connections._idle) == is_whole, "the rest must not be the next answer"
        connections.close()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_is_an_answer_and_not_followed(status: int, partner: StandIn) -> None:
    elsewhere = f"HTTP/1.1 {status} X\r\nLocation: {partner.url}/\r\nContent-Length: 0\r\n\r\n"
    with raw_service([elsewhere.encode()]) as url, closing(Connections(url)) as connections:
        assert post(connections) == status
    assert partner.received == []
