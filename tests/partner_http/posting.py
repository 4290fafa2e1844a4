"""A call as most tests make it, and the shortest answer to it."""

from __future__ import annotations

from partner_http import Connections

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


def post(connections: Connections, body: bytes = b"{}", seconds: float = 5.0) -> int:
    return connections.request(
        "POST", "/x", headers={"X-Name": "value"}, body=body, seconds=seconds
    ).status
