"""HTTP to one service, over connections that stay open, each call within a time of its own.

What the service sends is read by llhttp, Node's parser; why no whole client: docs/adr/0040.
"""

from __future__ import annotations

import re
import ssl
import time
from collections import deque
from collections.abc import Mapping
from socket import IPPROTO_TCP, SOCK_STREAM, TCP_NODELAY, create_connection, getaddrinfo, socket
from threading import Lock
from types import MappingProxyType

from partner_http.exchange import Answer, Connection, left
from partner_http.request_head import request_head

CONNECT_SECONDS = 1.0
"""For each address of the service; nearby it takes milliseconds."""
IDLE_SECONDS = 4.0
"""Node, Apache and uvicorn close a connection after 5 seconds without a call, others later; while
Lambda has the process frozen, nobody here notices that."""

_NONE: Mapping[str, str] = MappingProxyType({})
_BASE_URL = re.compile(
    r"(?P<scheme>https?)://"
    r"(?P<authority>(?P<host>[a-zA-Z0-9.-]+|\[[0-9a-fA-F:.]+\])(:(?P<port>[0-9]{1,5}))?)"
    r"(?P<path>(/[!-\"$->@-~]*)?)"
)
"""Instead of `urllib.parse`, which takes longer to load than all else here; the path has printable
ASCII without space, `#` and `?`."""
_LOOPBACK = frozenset({"127.0.0.1", "[::1]", "localhost"})
_PORTS = {"http": 80, "https": 443}
_LARGEST_PORT = 65_535
_EXPECTED = "expected https://HOST, with a path or without, or http on this machine"


class Connections:
    """As many connections as there were calls at once; several threads may share them."""

    def __init__(
        self,
        url: str,
        *,
        connect_seconds: float = CONNECT_SECONDS,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        """Take a base URL of scheme, host and, as needed, port and path.

        Raises ValueError for any other, and unless it is https, or http on this machine. The
        `authority` is host and port as they are written there, the `path` is without a last `/`.
        """
        parts = _BASE_URL.fullmatch(url)
        if not parts or not (parts["scheme"] == "https" or parts["host"] in _LOOPBACK):
            raise ValueError(_EXPECTED)
        self._host = parts["host"].strip("[]")
        self._port = int(parts["port"] or _PORTS[parts["scheme"]])
        if self._port > _LARGEST_PORT:
            raise ValueError(_EXPECTED)
        self.authority = parts["authority"]
        self.path = parts["path"].rstrip("/")
        self._tls = _Tls() if parts["scheme"] == "https" else None
        self._connect_seconds = connect_seconds
        self._idle_seconds = idle_seconds
        self._idle: deque[Connection] = deque()

    def request(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] = _NONE,
        body: bytes = b"",
        seconds: float,
    ) -> Answer:
        """Send one request, once, and read its answer, all within so many seconds.

        The path follows the base URL's, with its query, if it has one. Redirects are answers like
        others. What fails is not sent again, because the service may have taken it.

        Raises OSError, of which TimeoutError says that the time is up, and ValueError for a method,
        a path or a header that is none.
        """
        deadline = time.monotonic() + seconds
        head = request_head(
            method,
            path,
            base=self.path,
            authority=self.authority,
            headers=headers,
            size=len(body),
        )
        connection = self._rested() or Connection(self._connected(deadline))
        try:
            answer = connection.exchange(head + body, deadline, is_head=method == "HEAD")
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

    def _rested(self) -> Connection | None:
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
            seconds = min(self._connect_seconds, left(deadline))
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
            connected.settimeout(left(deadline))
            # An end that TLS does not announce is somebody's on the way: an error, not the end.
            return context.wrap_socket(connected, server_hostname=host, suppress_ragged_eofs=False)
        except BaseException:
            connected.close()
            raise
