"""What the example integration costs for each message, beside what the network costs.

Prints one table of microseconds for an iOS batch of 6 KB, as `endpoint.answering` answers it. "But
the network" is all of that with a connection that takes the request and has the answer at once, in
memory. The rows over loopback call a service in another process: "bare exchange" sends the same
bytes over a plain socket, which is what the network costs on this machine. Processor time is of
this thread, the kernel's work for it included; waiting for the service only shows on the wall. All
rounds in turns, the best of each. Run it with `python -m benchmarks.integration`.
"""

from __future__ import annotations

import json
import os
import platform
import socket
import time
import uuid
from collections.abc import Callable
from contextlib import redirect_stdout
from itertools import count, cycle
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

from rich import box
from rich.console import Console
from rich.table import Table

from acme import Acme, content
from acme.partner_api import written
from benchmarks.partner_service import partner_service
from endpoint.answering import answer
from firehose import (
    EventProcessingRequest,
    MessageProcessor,
    ModuleRegistrationRequest,
    ModuleRegistrationResponse,
    decode,
)
from partner_http import connections

ROOT = Path(__file__).parents[1]
MESSAGE = ROOT / "tests" / "firehose" / "messages" / "event_batch_ios.json"
BYTES = 6_000
ROUNDS = 60
CALLS = 50
"""Of each kind in a round."""
BUDGET = 150
SCALE = "json.loads"


class Nothing(MessageProcessor):
    """An integration that acknowledges everything and does nothing."""

    def process_registration_request(
        self, request: ModuleRegistrationRequest
    ) -> ModuleRegistrationResponse:
        """Answer as little as there can be."""
        return ModuleRegistrationResponse(name="Nothing", version="1")


class AtOnce:
    """A connection that takes what it is given and has the answer already."""

    def __init__(self, answer: bytes) -> None:
        self._answer = answer
        self._at_rest, self._other = socket.socketpair()

    def fileno(self) -> int:
        """Give a socket to look at, on which nothing ever comes."""
        return self._at_rest.fileno()

    def setsockopt(self, *_: int) -> None:
        """Be as quick as can be."""

    def settimeout(self, _seconds: float) -> None:
        """Wait for nothing."""

    def sendall(self, _data: bytes) -> None:
        """Take a request."""

    def recv(self, _size: int) -> bytes:
        """Answer it."""
        return self._answer

    def close(self) -> None:
        """Let go of both ends."""
        self._at_rest.close()
        self._other.close()


def main() -> None:
    """Measure and print."""
    print(f"Python {platform.python_version()}, {platform.system()}.")
    with partner_service() as url:
        os.environ["PARTNER_API_URL"] = url
        _print("few events with many attributes", with_attributes(), url)
        _print("many events with few attributes", with_events(), url)
    print(f"\nThe budget for all but the network is {BUDGET} µs with few events.")


def with_attributes() -> dict[str, Any]:
    """Give the test's iOS batch of two events, with as many attributes as make it 6 KB."""
    batch = _message()
    for number in count():
        if _size(batch) >= BYTES:
            return batch
        where = batch["user_attributes"] if number % 2 else batch["events"][0]["attributes"]
        where[f"attribute {number}"] = f"value of {number}"
    raise AssertionError


def with_events() -> dict[str, Any]:
    """Give the same batch with its events again and again, under new ids."""
    batch = _message()
    for event in cycle(list(batch["events"])):
        if _size(batch) >= BYTES:
            return batch
        batch["events"].append(event | {"id": str(uuid.uuid4())})
    raise AssertionError


def _message() -> dict[str, Any]:
    message: dict[str, Any] = json.loads(MESSAGE.read_text(encoding="utf-8"))
    return message


def _size(batch: dict[str, Any]) -> int:
    return len(json.dumps(batch, separators=(",", ":")))


def _print(title: str, batch: dict[str, Any], url: str) -> None:
    times = _measured(batch, url)
    print(f"\n{_size(batch):,} bytes: {title}\n")
    table = Table("µs per message", "processor", "wall", f"x {SCALE}", box=box.MARKDOWN)
    for name, (processor, wall) in times.items():
        table.add_row(name, f"{processor:.0f}", f"{wall:.0f}", f"{processor / times[SCALE][0]:.1f}")
    Console(width=100).print(table)


def _measured(batch: dict[str, Any], url: str) -> dict[str, tuple[float, float]]:
    raw = json.dumps(batch, separators=(",", ":")).encode()
    request = decode(raw)
    if not isinstance(request, EventProcessingRequest):
        raise TypeError(request.type)
    integration, nothing = Acme(), Nothing()
    exchange = _bare_exchange(url, written(content.of_batch(request)))
    alone = _without_network(exchange(), request)
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, redirect_stdout(nowhere):
        return _best(
            {
                "all but the network": lambda: answer(alone, batch),
                "of it the endpoint": lambda: answer(nothing, batch),
                "of it the body of the call": lambda: written(content.of_batch(request)),
                "all, over loopback": lambda: answer(integration, batch),
                "bare exchange over loopback": exchange,
                SCALE: lambda: json.loads(raw),
            }
        )


def _without_network(answered: bytes, request: EventProcessingRequest) -> Acme:
    """Make an integration whose one connection has the answer at once."""
    integration = Acme()
    with patch.object(connections, "create_connection", lambda *_: AtOnce(answered)):
        integration.process(request)
    return integration


def _bare_exchange(url: str, body: bytes) -> Callable[[], bytes]:
    """Make a call that sends what the integration sends, and reads what comes back at once."""
    host, port = urlsplit(url).hostname, urlsplit(url).port
    connected = socket.create_connection((host, port))
    connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    head = (
        f"POST /events HTTP/1.1\r\nHost: {host}:{port}\r\nAccept-Encoding: identity\r\n"
        f"Content-Length: {len(body)}\r\nContent-Type: application/json\r\n"
        f"Idempotency-Key: {uuid.uuid4()}\r\nAuthorization: Bearer k-123\r\n\r\n"
    )
    sent = head.encode() + body

    def exchange() -> bytes:
        connected.sendall(sent)
        return connected.recv(65_536)

    return exchange


def _best(actions: dict[str, Callable[[], object]]) -> dict[str, tuple[float, float]]:
    """Give processor and wall time of one call of each, in microseconds."""
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in actions}
    for _ in range(ROUNDS):
        for name, action in actions.items():
            wall, processor = time.perf_counter(), time.thread_time()
            for _ in range(CALLS):
                action()
            used, passed = time.thread_time() - processor, time.perf_counter() - wall
            times[name].append((used / CALLS * 1e6, passed / CALLS * 1e6))
    return {
        name: (min(t[0] for t in all_), min(t[1] for t in all_)) for name, all_ in times.items()
    }


if __name__ == "__main__":
    main()
