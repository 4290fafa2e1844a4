"""What the example integration costs for each message, beside what the network costs.

Prints one table of microseconds for an iOS batch of 6 KB, as `endpoint.answering` answers it. The
partner's service runs on loopback in another process. Two clocks: processor time of this thread,
in which waiting for the service does not count and the kernel's work for the call does, and time
on the wall. "Bare exchange" sends the very same bytes over a socket and reads what comes back: what
the network costs, on this machine. The integration's own cost is the rest. All rounds in turns, the
best of each. Run it with `python -m benchmarks.integration`.
"""

from __future__ import annotations

import json
import os
import platform
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from rich import box
from rich.console import Console
from rich.table import Table

from endpoint.answering import answer
from firehose import (
    EventProcessingRequest,
    MessageProcessor,
    ModuleRegistrationRequest,
    ModuleRegistrationResponse,
    decode,
)
from integration import Integration, content
from integration.partner_api import _json

ROOT = Path(__file__).parents[1]
MESSAGE = ROOT / "tests" / "firehose" / "messages" / "event_batch_ios.json"
BYTES = 6_000
ROUNDS = 60
CALLS = 50
"""Of each kind in a round."""
BUDGET = 150


class Nothing(MessageProcessor):
    """An integration that acknowledges everything and does nothing."""

    def process_registration_request(
        self, request: ModuleRegistrationRequest
    ) -> ModuleRegistrationResponse:
        """Answer as little as there can be."""
        return ModuleRegistrationResponse(name="Nothing", version="1")


def main() -> None:
    """Measure and print."""
    batch = batch_of(BYTES)
    raw = json.dumps(batch, separators=(",", ":")).encode()
    request = decode(raw)
    if not isinstance(request, EventProcessingRequest):
        raise TypeError(request.type)
    with service() as url, Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        os.environ["PARTNER_API_URL"] = url
        integration, nothing = Integration(), Nothing()
        integration.process(request)
        exchange = _bare_exchange(url, _json(content.of_batch(request)))
        with redirect_stdout(nowhere):
            times = _best(
                {
                    "whole message": lambda: answer(integration, batch),
                    "bare exchange": exchange,
                    "endpoint alone": lambda: answer(nothing, batch),
                    "body of the call": lambda: _json(content.of_batch(request)),
                    "json.loads": lambda: json.loads(raw),
                }
            )
    _print(times, size=len(raw))


def batch_of(size: int) -> dict[str, Any]:
    """Give the test's iOS batch, its events repeated under new ids until it has so many bytes."""
    batch: dict[str, Any] = json.loads(MESSAGE.read_text(encoding="utf-8"))
    events = batch["events"]
    while len(json.dumps(batch, separators=(",", ":"))) < size:
        again = events[len(batch["events"]) % len(events)]
        batch["events"] = [*batch["events"], again | {"id": str(uuid.uuid4())}]
    return batch


@contextmanager
def service() -> Iterator[str]:
    """Run the partner's service in a process of its own for the length of a block; give its URL."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "arrived"
        command = [sys.executable, "-m", "ops.local.partner_api", str(file)]
        with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE) as process:
            while not (file.exists() and file.read_text().endswith("\n")):
                time.sleep(0.01)
            try:
                yield file.read_text().splitlines()[0]
            finally:
                process.kill()


def _bare_exchange(url: str, body: bytes) -> Callable[[], object]:
    """Make a call that sends what the integration sends, and reads as much as comes back at once."""
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


def _print(times: dict[str, tuple[float, float]], *, size: int) -> None:
    own = [
        whole - bare
        for whole, bare in zip(times["whole message"], times["bare exchange"], strict=True)
    ]
    scale = times["json.loads"][0]
    print(f"A batch of {size:,} bytes. Python {platform.python_version()}, {platform.system()}.\n")
    table = Table("µs per message", "processor", "wall", "x json.loads", box=box.MARKDOWN)
    for name, (processor, wall) in times.items():
        table.add_row(name, f"{processor:.0f}", f"{wall:.0f}", f"{processor / scale:.1f}")
    table.add_row("**own**", f"**{own[0]:.0f}**", f"{own[1]:.0f}", f"{own[0] / scale:.1f}")
    Console(width=100).print(table)
    print(f"\nThe budget for the integration's own part is {BUDGET} µs.")


if __name__ == "__main__":
    main()
