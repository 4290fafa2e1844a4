"""The connections: kept, replaced, read within a time, and safe."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
import trustme

from local.stand_in import Behaviour, StandIn, always, stand_in
from partner_http import Connections
from partner_http.exchange import LARGEST_ANSWER
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
    return connections.request(
        "POST", "/x", headers={"X-Name": "value"}, body=body, seconds=seconds
    ).status


def test_calls_in_a_row_share_one_connection(
    connections: Connections, partner: StandIn, opened: list[object]
) -> None:
    bodies = [b"a", b"b" * 300_000, b""]

    assert [post(connections, body) for body in bodies] == [200, 200, 200]
    assert [call.body for call in partner.received] == bodies
    assert {call.headers["x-name"] for call in partner.received} == {"value"}
    assert len(opened) == 1


@pytest.mark.parametrize(
    ("method", "path", "body", "length"),
    [
        ("GET", "/events?since=1&name=a%20b", b"", None),
        ("GET", "/search", b'{"id": 1}', "9"),
        ("DELETE", "/events/1", b"", None),
        ("DELETE", "/events", b"[1]", "3"),
        ("PUT", "/events/1", b"{}", "2"),
        ("PATCH", "/events/1", b"{}", "2"),
        ("POST", "/events", b"", "0"),
        ("PUT", "/events/1", b"", "0"),
        ("PATCH", "/events/1", b"", "0"),
    ],
)
def test_each_method_is_sent_as_it_is_with_its_query_and_body(
    method: str, path: str, body: bytes, length: str | None, partner: StandIn
) -> None:
    connections = Connections(f"{partner.url}/v1/")
    partner.choose = lambda _call: Behaviour(body=b"[]")

    for _ in range(2):
        assert connections.request(method, path, body=body, seconds=5).body == b"[]"
    connections.close()

    received = [(call.method, call.path, call.body) for call in partner.received]
    assert received == [(method, f"/v1{path}", body)] * 2
    assert [call.headers.get("content-length") for call in partner.received] == [length] * 2


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
    "url",
    [
        "",
        "api.acme.example",
        "ftp://api.acme.example",
        "http://api.acme.example",
        "https://user:canary@api.acme.example",
        "https://api.acme.example/?canary=1",
        "https://api.acme.example/#canary",
        "https://api.acme.example/a b",
        "https://api.äcme.example",
        "https://api.acme.example:port",
    ],
)
def test_url_that_is_no_base_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="expected https://HOST") as raised:
        Connections(url)
    assert "canary" not in str(raised.value)


@pytest.mark.parametrize("method", ["", "GET /y", "GET\r\nX: y", "GÉT", "CONNECT", "get"])
def test_method_that_is_none_is_refused(method: str, connections: Connections) -> None:
    with pytest.raises(ValueError, match="expected a method such as GET or POST"):
        connections.request(method, "/x", seconds=5)


@pytest.mark.parametrize("path", ["", "x", "/a b", "/a HTTP/1.1\r\nX: y", "/é", "http://x/", "/#a"])
def test_path_that_is_none_is_refused(path: str, connections: Connections) -> None:
    with pytest.raises(ValueError, match="expected a path that starts with /"):
        connections.request("GET", path, seconds=5)


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
    partner: StandIn, opened: list[object]
) -> None:
    connections = Connections(partner.url, idle_seconds=0.05)
    post(connections)
    time.sleep(0.1)
    post(connections)
    connections.close()

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


@pytest.mark.parametrize("name", ["", "X Y", "X:", "X\r\nY", "Content-Length", "transfer-encoding"])
def test_header_that_the_connection_needs_or_nobody_has_is_refused(
    connections: Connections, name: str
) -> None:
    with pytest.raises(ValueError, match="header"):
        connections.request("POST", "/x", headers={name: "1"}, seconds=5)


@pytest.mark.parametrize("value", ["a\r\nb", "a\nX-More: b", "\x00", "é"])
def test_header_cannot_be_smuggled_in(connections: Connections, value: str) -> None:
    with pytest.raises(ValueError, match="no header can carry"):
        connections.request("GET", "/x", headers={"X": value}, seconds=5)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def tls(authority: trustme.CA) -> ssl.SSLContext:
    """Speak TLS as 127.0.0.1."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.fixture
def secure(tls: ssl.SSLContext) -> Iterator[StandIn]:
    """Run the service behind TLS."""
    with stand_in(always("ok")) as server:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
        yield server


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Trust the authority, as the environment says."""
    authority.cert_pem.write_to_path(str(tmp_path / "trusted.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "trusted.pem"))


@pytest.mark.usefixtures("trusted")
def test_https_is_spoken_over_connections_that_stay_open(secure: StandIn) -> None:
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


@pytest.mark.usefixtures("trusted")
def test_certificate_of_another_host_is_refused(secure: StandIn) -> None:
    url = secure.url.replace("http:", "https:").replace("127.0.0.1", "localhost")
    with pytest.raises(ssl.SSLCertVerificationError):
        post(Connections(url))
    assert secure.received == []


@pytest.mark.usefixtures("trusted")
def test_body_that_the_connection_ends_is_whole_only_if_tls_says_so(tls: ssl.SSLContext) -> None:
    answer = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{}"
    with raw_service([answer], then_close=True, tls=tls) as url:
        assert Connections(url).request("GET", "/x", seconds=5).body == b"{}"
    with (
        raw_service([answer], then_close=True, tls=tls, says_goodbye=False) as url,
        pytest.raises(ssl.SSLEOFError),
    ):
        Connections(url).request("GET", "/x", seconds=5)


@pytest.mark.usefixtures("trusted")
def test_whole_answer_needs_no_goodbye_of_tls(tls: ssl.SSLContext) -> None:
    with raw_service([OK], then_close=True, tls=tls, says_goodbye=False) as url:
        connections = Connections(url)
        for _ in range(3):
            assert post(connections) == 200
            time.sleep(0.05)
        connections.close()


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("body", [b"{}", b"x" * 20_000_000], ids=["answer", "request"])
def test_each_way_over_tls_has_to_end_in_time(body: bytes, tls: ssl.SSLContext) -> None:
    drips = [b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", *[b"x"] * 1000]
    started = time.monotonic()
    with raw_service(drips, pause=0.05, tls=tls) as url, pytest.raises(TimeoutError):
        post(Connections(url), body, seconds=0.4)
    assert time.monotonic() - started < 1.0


def test_handshake_that_never_ends_is_given_up_in_time() -> None:
    with raw_service([]) as url:
        started = time.monotonic()
        with pytest.raises(TimeoutError):
            post(Connections(url.replace("http:", "https:")), seconds=0.3)
    assert time.monotonic() - started < 1.0


@pytest.fixture
def deaf() -> Iterator[str]:
    """Listen, and take no connection: the kernel drops what exceeds the backlog."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server, ExitStack() as waiting:
        for _ in range(8):
            one = waiting.enter_context(socket.socket())
            one.setblocking(False)
            one.connect_ex(server.getsockname())
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.parametrize(("connect", "total"), [(0.2, 5.0), (5.0, 0.2)])
def test_connecting_is_given_up_in_time(connect: float, total: float, deaf: str) -> None:
    started = time.monotonic()
    with pytest.raises(TimeoutError):
        post(Connections(deaf, connect_seconds=connect), seconds=total)
    assert 0.15 < time.monotonic() - started < 1.0


def test_nothing_is_sent_when_no_time_is_left(connections: Connections, partner: StandIn) -> None:
    with pytest.raises(TimeoutError):
        post(connections, seconds=0)
    assert partner.received == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_is_an_answer_and_not_followed(status: int, partner: StandIn) -> None:
    elsewhere = f"HTTP/1.1 {status} X\r\nLocation: {partner.url}/\r\nContent-Length: 0\r\n\r\n"
    with raw_service([elsewhere.encode()]) as url, closing(Connections(url)) as connections:
        assert post(connections) == status
    assert partner.received == []


def test_proxies_of_the_environment_are_not_asked(
    connections: Connections, partner: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    with stand_in(always("error")) as proxy:
        for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        assert post(connections) == 200
    assert (len(partner.received), len(proxy.received)) == (1, 0)


@pytest.mark.parametrize("method", ["POST", "GET", "PUT"])
def test_request_on_a_kept_connection_that_dies_under_it_is_not_sent_again(
    method: str, connections: Connections, partner: StandIn
) -> None:
    assert connections.request(method, "/x", seconds=5).status == 200
    partner.choose = always("reset")
    with pytest.raises(ConnectionError):
        connections.request(method, "/x", seconds=5)
    assert len(partner.received) == 2
