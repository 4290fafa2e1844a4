"""The head of a request, in which nothing can be smuggled."""

from __future__ import annotations

import re
from collections.abc import Mapping

_METHOD = re.compile(r"[A-Z][A-Z-]*")
_TARGET = re.compile(r"/[!-\"$-~]*")
"""Printable ASCII without space and `#`."""
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9a-zA-Z-]+")
_OURS = frozenset({"content-length", "host", "transfer-encoding"})
_USUALLY_WITH_BODY = frozenset({"PATCH", "POST", "PUT"})
"""Methods that say how long their body is even if it is empty (RFC 9110, 8.6)."""


def request_head(
    method: str,
    path: str,
    *,
    base: str,
    authority: str,
    headers: Mapping[str, str],
    size: int,
) -> bytes:
    """Write the head of a request whose body has so many bytes, to a path below a base.

    Raises ValueError for a method, a path or a header that is none, without quoting it.
    """
    if not _METHOD.fullmatch(method) or method == "CONNECT":
        raise ValueError("expected a method such as GET or POST")
    if not _TARGET.fullmatch(path):
        raise ValueError("expected a path that starts with / and is percent-encoded")
    lines = [f"{method} {base}{path} HTTP/1.1", f"Host: {authority}"]
    if size or method in _USUALLY_WITH_BODY:
        lines.append(f"Content-Length: {size}")
    for name, value in headers.items():
        if not _NAME.fullmatch(name) or name.lower() in _OURS:
            raise ValueError("a header that has no name, or that each request has already")
        if not (value.isascii() and value.isprintable()):
            raise ValueError("a header with characters that no header can carry")
        lines.append(f"{name}: {value}")
    return "\r\n".join([*lines, "", ""]).encode()
