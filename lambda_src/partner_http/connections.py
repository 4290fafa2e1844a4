"""HTTP to one service, over connections that stay open, each call within a time of its own.

What the service sends is read by llhttp, Node's parser; why no whole client: docs/adr/0040.
"""

from __future__ import annotations

import ssl
import time
from collections import deque
from collections.abc import Mapping
from select import POLLIN, poll
from socket import IPPROTO_TCP, SOCK_STREAM, TCP_NODELAY, create_connection, getaddrinfo, socket
from threading import Lock
from typing import NamedTuple
from urllib.parse import urlsplit

from httptools import HttpParserError, HttpResponseParser

CONNECT_SECONDS = 1.0
"""For each address of the service; nearby it takes milliseconds."""
IDLE_SECONDS = 4.0
"""Node, Apache and uvicorn close a connection after 5 seconds without a call, others later; while
Lambda has the process frozen, nobody here notices that."""
LARGEST_ANSWER = 65_536
"""Bytes of an answer that are read; nothing here needs a longer one."""

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class Answer(NamedTuple):
    """What the service answered; names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Connections:
    """As many connections as there were calls at once; several threads may share them."""

    def __init__(
        self,
        url: str,
        *,
        connect_seconds: float = CONNECT_SECONDS,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        """Take a base URL. Raises ValueError unless it is https, or http on this machine."""
        parts = urlsplit(url)
        is_local = parts.scheme == "http" and parts.hostname in _LOOPBACK
        if not parts.hostname or not (parts.scheme == "https" or is_local) or not url.isascii():
            raise ValueError("expected https://HOST, or http on this machine")
        self._host = parts.hostname
        self._port = parts.port or (443 if parts.scheme == "https" else 80)
        self._authority = parts.netloc.rpartition("@")[2]
        self._path = parts.path.rstrip("/")
        self._tls = _Tls() if parts.scheme == "https" else None
        self._connect_seconds = connect_seconds
        self._idle_seconds = idle_seconds
        self._idle: deque[_Connection] = deque()

    def post(self, path: str, body: bytes, headers: Mapping[str, str], *, seconds: float) -> Answer:
        """Send one request, once, and read its answer, all within so many seconds.

        What fails is not sent again, because the service may have taken it. Raises OSError, of
        which TimeoutError says that the time is up, and ValueError for a header that is none.
        """
        deadline = time.monotonic() + seconds
        request = self._head(path, headers, size=len(body)) + body
        connection = self._rested() or _Connection(self._connected(deadline))
        try:
            answer = connection.exchange(request, deadline)
        except BaseException:
            connection.close()
            raise
        if connection.stays_open:
            self._idle.append(connection)
        else:
            connection.close()
        return answer

    def close(self) -> None:
        """Close the connections that no call is using."""
        while self._idle:
            self._idle.pop().close()

    def _head(self, path: str, headers: Mapping[str, str], *, size: int) -> bytes:
        lines = [
            f"POST {self._path}{path} HTTP/1.1",
            f"Host: {self._authority}",
            f"Content-Length: {size}",
            *(f"{name}: {value}" for name, value in headers.items()),
        ]
        if not all(line.isascii() and line.isprintable() for line in lines):
            raise ValueError("a header with characters that no header can carry")
        return "\r\n".join([*lines, "", ""]).encode()

    def _rested(self) -> _Connection | None:
        """Take the connection that rested least, if it is still good; close those that are not."""
        while self._idle:
            try:
                connection = self._idle.pop()
            except IndexError:  # another thread took it
                break
            if connection.is_good(self._idle_seconds):
                return connection
            connection.close()
        return None

    def _connected(self, deadline: float) -> socket:
        """Try each address of the service; how long its name takes to look up is not limited."""
        failure: OSError = ConnectionError("no address")
        for *_, address in getaddrinfo(self._host, self._port, type=SOCK_STREAM):
            seconds = min(self._connect_seconds, _left(deadline))
            try:
                connected = create_connection((str(address[0]), self._port), seconds)
            except OSError as error:
                failure = error
                continue
            connected.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
            return self._tls.secured(connected, self._host, deadline) if self._tls else connected
        raise failure


class _Tls:
    """What the connections know of TLS, once for all of them.

    It is made for the first one: it reads the certificates of every authority, which takes as long
    as everything else that the integration does at its start.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._context: ssl.SSLContext | None = None

    def secured(self, connected: socket, host: str, deadline: float) -> socket:
        """Speak TLS on a connection, with whom its certificate says it is."""
        try:
            with self._lock:
                context = self._context = self._context or ssl.create_default_context()
            connected.settimeout(_left(deadline))
            return context.wrap_socket(connected, server_hostname=host)
        except BaseException:
            connected.close()
            raise


class _Connection:
    """One connection, at one call at a time. The parser calls the methods that start with `on`."""

    def __init__(self, connected: socket) -> None:
        self._socket = connected
        self._parser = HttpResponseParser(self)
        self._rests_since = 0.0

    def exchange(self, request: bytes, deadline: float) -> Answer:
        """Send a request and read its answer; then `stays_open` says whether another may follow."""
        self.stays_open = self._is_whole = False
        self._status = 0
        self._socket.settimeout(_left(deadline))
        self._socket.sendall(request)
        size = 0
        while not self._is_whole and size < LARGEST_ANSWER:
            # Anew for each piece: the answer as a whole has to be here in time.
            self._socket.settimeout(_left(deadline))
            data = self._socket.recv(LARGEST_ANSWER)
            size += len(data)
            if not self._read(data):
                break
        if not self._status:
            raise ConnectionError("no answer")
        self.stays_open = self.stays_open and self._is_whole
        self._rests_since = time.monotonic()
        return Answer(self._status, self._headers, bytes(self._body))

    def is_good(self, idle_seconds: float) -> bool:
        """Whether it has not rested long, and nothing came: that could only be its end."""
        if time.monotonic() - self._rests_since > idle_seconds:
            return False
        waiting = poll()
        waiting.register(self._socket, POLLIN)
        return not waiting.poll(0)

    def close(self) -> None:
        """Close it."""
        self._socket.close()

    def on_message_begin(self) -> None:
        if self._is_whole:
            raise ConnectionError("an answer to nothing")
        self._headers: dict[str, str] = {}
        self._body = bytearray()

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        status = self._parser.get_status_code()
        # 1xx only announces the answer.
        self._status = status if status >= 200 else 0
        self.stays_open = self._parser.should_keep_alive()

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        self._is_whole = self._status > 0

    def _read(self, data: bytes) -> bool:
        """Read a piece of the answer; nothing is its end, if it may end like that."""
        if not data:
            if self.stays_open:
                raise ConnectionError("an answer cut short")
            return False
        try:
            self._parser.feed_data(data)
        except HttpParserError as error:
            raise ConnectionError("no HTTP") from error
        return True


def _left(deadline: float) -> float:
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds
