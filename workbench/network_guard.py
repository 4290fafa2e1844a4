"""No connection leaves this machine while an integration is tried, whatever client it uses."""

from __future__ import annotations

import ipaddress
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any


class ConnectionRefusedHere(ConnectionRefusedError):  # noqa: N818 - to the caller it is a refusal
    """A connection to another machine was refused; names the host."""


_CONNECTING = frozenset({"socket.connect", "socket.sendto"})
_RESOLVING = frozenset({"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"})
_guards: list[list[str]] = []
"""The hosts that each running guard has refused; the newest guard is the last."""


@contextmanager
def loopback_only() -> Iterator[list[str]]:
    """Refuse to connect to, or to look up, anything but this machine; give the hosts refused.

    Process-wide, threads included. What was refused raises `ConnectionRefusedHere`, an `OSError`,
    which the integration may well catch; the list has it all the same.
    """
    _install()
    refused: list[str] = []
    _guards.append(refused)
    try:
        yield refused
    finally:
        _guards.remove(refused)


@cache
def _install() -> None:
    """Add the hook, once: Python has no way to remove one."""
    sys.addaudithook(_examine)


def _examine(event: str, arguments: tuple[Any, ...]) -> None:
    if not _guards:
        return
    if event in _CONNECTING:
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None  # a path: a socket of this host
    elif event in _RESOLVING:
        host = arguments[0]
    else:
        return
    if not _is_this_machine(host):
        name = host.decode(errors="replace") if isinstance(host, bytes) else str(host)
        _guards[-1].append(name)
        raise ConnectionRefusedHere(f"no connection to {name}: only this machine is reached here")


def _is_this_machine(host: str | bytes | None) -> bool:
    name = host.decode(errors="replace") if isinstance(host, bytes) else host
    if not name or name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return False


def refusal_of(hosts: Sequence[str]) -> str:
    """Say which hosts were refused, and what to do next."""
    return (
        f"The integration wanted to reach {', '.join(dict.fromkeys(hosts))}, but nothing leaves"
        " this machine here.\nNext: put the base URL into [environment] of the deployment file"
        " and read it from there, so that it can lead to a service on this machine"
    )
