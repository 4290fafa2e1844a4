"""The connections: kept, replaced, read within a time, and safe."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import trustme

from local.stand_in import Behaviour, StandIn, always, stand_in
from partner_http import Connections
from partner_http import connections as module
from tests.partner_http.raw_service import raw_service

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


@pytest.fixture
def partner() -> Iterator[StandIn]:
    with stand_in(always("ok")) as server:
        yield server


@pytest.fixture
def connections(partner: StandIn) -> Iterator[Connections]:
    made = Connections(partner.url)
    yield made
    made.close()


@pytest.fixture
def opened(partner: StandIn, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """List the connections that the service got."""
    seen: list[object] = []
    process = partner.process_request

    def noted(request: object, address: object) -> None:
        seen.append(address)
        process(request, address)  # type: ignore[arg-type]

    monkeypatch.setattr(partner, "process_request", noted)
    return seen


def post(connections: Connections, body: bytes = b"{}", seconds: float = 5.0) -> int:
    return connections.post("/x", body, {"X-Name": "value"}, seconds=seconds).status


def test_calls_in_a_row_share_one_connection(
    connections: Connections, partner: StandIn, opened: list[object]
) -> None:
    bodies = [b"a", b"b" * 300_000, b""]

    assert [post(connections, body) for body in bodies] == [200, 200, 200]
    assert [call.body for call in partner.received] == bodies
    assert {call.headers["x-name"] for call in partner.received} == {"value"}
    assert len(opened) == 1


def test_calls_at_once_have_a_connection_each_and_keep_them(
    connections: Connections, partner: StandIn, opened: list[object]
) -> None:
    barrier = threading.Barrier(4)

    def together(_call: object) -> Behaviour:
        barrier.wait(5)
        return Behaviour()

    partner.choose = together
    with ThreadPoolExecutor(4) as pool:
        for _ in range(3):
            assert list(pool.map(lambda _: post(connections), range(4))) == [200] * 4
    assert len(opened) == 4


def test_failed_statuses_keep_the_connection_and_resets_do_not(
    connections: Connections, partner: StandIn, opened: list[object]
) -> None:
    partner.choose = lambda _call: Behaviour(status=500, body=b"broken")
    assert [post(connections), post(connections)] == [500, 500]
    assert len(opened) == 1

    partner.choose = always("reset")
    with pytest.raises(ConnectionError):
        post(connections)
    assert len(partner.received) == 3, "what may have been taken is not sent again"

    partner.choose = always("ok")
    assert post(connections) == 200
    assert len(opened) == 2


def test_connection_that_the_service_closed_while_idle_is_replaced() -> None:
    with raw_service([OK], then_close=True) as url:
        connections = Connections(url)
        for _ in range(3):
            assert post(connections) == 200
            time.sleep(0.05)
        connections.close()


def test_connection_that_rested_too_long_is_replaced(
    connections: Connections, opened: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "IDLE_SECONDS", 0.05)
    post(connections)
    time.sleep(0.1)
    post(connections)

    assert len(opened) == 2


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
    with raw_service(pieces, pause=0.05) as url:
        started = time.monotonic()
        with pytest.raises(TimeoutError):
            post(Connections(url), seconds=0.3)

    assert time.monotonic() - started < 1.0, "each byte came in time, the answer did not"


def test_service_that_never_reads_is_given_up_in_time() -> None:
    with raw_service([], pause=30) as url, pytest.raises(TimeoutError):
        post(Connections(url), b"x" * 20_000_000, seconds=0.3)


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
            assert connections.post("/x", b"{}", {}, seconds=5).body == body
        connections.close()


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{}",
        OK + OK,
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 20_000,
    ],
    ids=["no HTTP", "nothing", "cut in the headers", "cut in the body", "two", "endless headers"],
)
def test_what_is_no_answer_is_an_error(answer: bytes) -> None:
    with (
        raw_service([answer], then_close=True) as url,
        pytest.raises(ConnectionError),
    ):
        post(Connections(url))


def test_long_answer_is_not_read_to_its_end() -> None:
    endless = b"HTTP/1.1 422 No\r\nContent-Length: 100000000\r\n\r\n" + b"x" * 200_000
    with raw_service([endless]) as url:
        assert post(Connections(url)) == 422


@pytest.mark.parametrize("value", ["a\r\nb", "a\nX-More: b", "\x00", "é"])
def test_header_cannot_be_smuggled_in(connections: Connections, value: str) -> None:
    with pytest.raises(ValueError, match="no header can carry"):
        connections.post("/x", b"", {"X": value}, seconds=5)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def secure(authority: trustme.CA) -> Iterator[StandIn]:
    """Run the service behind TLS, as 127.0.0.1."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with stand_in(always("ok")) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        yield server


def test_https_is_spoken_over_connections_that_stay_open(
    secure: StandIn, authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trusted = tmp_path / "trusted.pem"
    authority.cert_pem.write_to_path(str(trusted))
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    connections = Connections(secure.url.replace("http:", "https:"))

    assert [post(connections, b"x" * 100_000) for _ in range(3)] == [200] * 3
    assert len(connections._idle) == 1
    secure.choose = lambda _call: Behaviour(seconds=1)
    with pytest.raises(TimeoutError):
        post(connections, seconds=0.2)
    connections.close()


def test_service_that_nobody_vouches_for_is_told_nothing(secure: StandIn) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        post(Connections(secure.url.replace("http:", "https:")))
    assert secure.received == []
