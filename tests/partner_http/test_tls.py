"""HTTPS: whom it trusts, and that no time and no byte is lost in it."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from local.service_calls import Behaviour, always
from local.stand_in import StandIn, stand_in
from partner_http import Connections
from tests.partner_http.posting import OK, post
from tests.standin.raw_service import raw_service


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
    with raw_service(drips, pause=0.05, tls=tls) as url, pytest.raises(TimeoutError):
        post(Connections(url), body, seconds=0.4)


def test_handshake_that_never_ends_is_given_up_in_time() -> None:
    with raw_service([]) as url:
        started = time.monotonic()
        with pytest.raises(TimeoutError):
            post(Connections(url.replace("http:", "https:"), connect_seconds=60), seconds=0.3)
    assert time.monotonic() - started < 30
