"""What is sent, and what is refused before anything is sent."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from local.service_calls import Behaviour
from local.stand_in import StandIn
from partner_http import Connections


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
        "https://api.acme.example:65536",
        "https://api.acme.example:",
        "https://api.acme.example\n",
        "https://api.acme.example\\@localhost",
        "http://localhost@api.acme.example",
        "http://127.0.0.1.acme.example",
        "https://",
        "https:///events",
    ],
)
def test_url_that_is_no_base_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="expected https://HOST") as raised:
        Connections(url)
    assert "canary" not in str(raised.value)


@pytest.mark.parametrize(
    "url",
    [
        "https://api.acme.example",
        "https://api.acme.example/",
        "https://API.acme.example:8443/v1/%20!$&'()*+,;=:@[]{}~",
        "https://[2001:db8::1]/v1/",
        "http://localhost",
        "http://127.0.0.1:8080/v1",
        "http://[::1]:65535",
    ],
)
def test_url_that_is_a_base_is_read_as_the_standard_library_reads_it(url: str) -> None:
    connections, parts = Connections(url), urlsplit(url)

    assert connections.authority == parts.netloc
    assert connections.path == parts.path.rstrip("/")


@pytest.mark.parametrize("method", ["", "GET /y", "GET\r\nX: y", "GÉT", "CONNECT", "get"])
def test_malformed_method_is_refused(method: str, connections: Connections) -> None:
    with pytest.raises(ValueError, match="expected a method such as GET or POST"):
        connections.request(method, "/x", seconds=5)


@pytest.mark.parametrize("path", ["", "x", "/a b", "/a HTTP/1.1\r\nX: y", "/é", "http://x/", "/#a"])
def test_malformed_path_is_refused(path: str, connections: Connections) -> None:
    with pytest.raises(ValueError, match="expected a path that starts with /"):
        connections.request("GET", path, seconds=5)


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
