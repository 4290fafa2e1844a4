"""One connection and what is exchanged on it; llhttp, Node's parser, reads the answers."""

from __future__ import annotations

import time
from collections.abc import Mapping
from select import POLLIN, poll
from socket import socket
from typing import NamedTuple

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

LARGEST_ANSWER = 65_536
"""Bytes of an answer that are read, head and body together."""

_FRAMING = frozenset({"content-length", "transfer-encoding"})


class Answer(NamedTuple):
    """What the service answered; names of headers are in lower case.

    Of a body that is too long, see `LARGEST_ANSWER`, it has the beginning, and is not whole.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    is_whole: bool


class Connection:
    """One connection, at one call at a time. The parser calls the methods that start with `on`."""

    def __init__(self, connected: socket) -> None:
        self._socket = connected
        self._rests_since = 0.0

    def exchange(self, request: bytes, deadline: float, *, is_head: bool) -> Answer:
        """Send a request and read its answer; then `stays_open` says whether another may follow."""
        self._parser = HttpResponseParser(self)
        self._is_head = is_head
        self.stays_open = self._is_whole = False
        self._ends_at_close = False
        self._status = 0
        self._socket.settimeout(left(deadline))
        self._socket.sendall(request)
        size = 0
        while not self._is_whole and size < LARGEST_ANSWER:
            # Anew for each piece: the answer as a whole has to be here in time.
            self._socket.settimeout(left(deadline))
            data = self._socket.recv(LARGEST_ANSWER - size)
            size += len(data)
            if not data:
                if not self._ends_at_close:
                    raise ConnectionError("an answer cut short")
                self._is_whole = True
            else:
                self._read(data)
        if not self._status:
            raise ConnectionError("no answer")
        self.stays_open = self.stays_open and self._is_whole
        self._rests_since = time.monotonic()
        return Answer(self._status, self._headers, bytes(self._body), self._is_whole)

    def is_good(self, longest_rest: float) -> bool:
        """Whether it rested no longer, and nothing came: that could only be its end."""
        if time.monotonic() - self._rests_since > longest_rest:
            return False
        waiting = poll()
        waiting.register(self._socket, POLLIN)
        return not waiting.poll(0)

    def close(self) -> None:
        """Close it."""
        self._socket.close()

    def on_message_begin(self) -> None:
        """Begin with an answer, or with what announces it."""
        if self._is_whole:
            raise ConnectionError("an answer to nothing")
        self._headers: dict[str, str] = {}
        self._body = bytearray()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header."""
        self._headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        """Look what kind of answer it is, and where it ends."""
        status = self._parser.get_status_code()
        # 1xx only announces the answer.
        self._status = status if status >= 200 else 0
        self.stays_open = self._parser.should_keep_alive()
        # Nothing else says where such a body ends (RFC 9112, 6.3).
        self._ends_at_close = self._status > 0 and self._headers.keys().isdisjoint(_FRAMING)
        # An answer to HEAD ends here, whatever its headers say of a body.
        self._is_whole = self._status > 0 and self._is_head

    def on_body(self, body: bytes) -> None:
        """Keep a piece of the body."""
        if self._is_head:
            self.stays_open = False  # nobody asked for it, and more may follow
            return
        self._body += body

    def on_message_complete(self) -> None:
        """End an answer."""
        self._is_whole = self._status > 0

    def _read(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except (HttpParserError, HttpParserUpgrade) as error:
            raise ConnectionError("no HTTP") from error


def left(deadline: float) -> float:
    """Give the seconds until a time of `time.monotonic`. Raises TimeoutError once it has passed."""
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds
