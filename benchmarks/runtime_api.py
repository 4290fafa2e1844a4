"""Lambda's Runtime API on loopback: starts AWS's own runtime client on a handler and times it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

_SECONDS = 30


class FunctionError(Exception):
    """The function reported an error, or did not answer in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Of one process: until it asked for its first event, and how long each call took, in ms."""

    start_ms: float
    calls_ms: list[float] = field(default_factory=list)


def run(
    handler: str, events: Sequence[object], *, folders: Sequence[Path], environment: dict[str, str]
) -> Timing:
    """Start a process as Lambda would, give it events one after another, and end it.

    `folders` are its only sources besides the standard library. Raises `FunctionError`.
    """
    with _served(events) as (server, port):
        started = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-S", "-m", "awslambdaric", handler],
            env={
                "PATH": os.environ["PATH"],
                "PYTHONDONTWRITEBYTECODE": "1",  # as in Lambda's folder, which is read-only
                "PYTHONPATH": os.pathsep.join(map(str, folders)),
                "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{port}",
                "AWS_LAMBDA_FUNCTION_NAME": "benchmark",
                "AWS_REGION": "us-east-1",
                **environment,
            },
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            if not server.finished.wait(_SECONDS) or server.failure:
                raise FunctionError(f"{handler}: {server.failure or 'no answer in time'}")
        finally:
            process.kill()
            process.wait()
    return Timing(
        start_ms=(server.asked[0] - started) * 1000,
        calls_ms=[
            (end - begin) * 1000 for begin, end in zip(server.given, server.answered, strict=True)
        ],
    )


class _RuntimeApi(ThreadingHTTPServer):
    """Hands out the events of one process and notes when each was asked for, given and answered."""

    daemon_threads = True

    def __init__(self, events: Sequence[object]) -> None:
        super().__init__(("127.0.0.1", 0), _Request)
        self.bodies = [json.dumps(event).encode() for event in events]
        self.asked: list[float] = []
        self.given: list[float] = []
        self.answered: list[float] = []
        self.failure: str | None = None
        self.finished = threading.Event()


class _Request(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body in one packet, or the kernel's delayed acknowledgement is what is measured.
    wbufsize = 1 << 20
    disable_nagle_algorithm = True
    server: _RuntimeApi

    def do_GET(self) -> None:
        """Give the next event, or leave the process waiting when there is none."""
        self.server.asked.append(time.perf_counter())
        number = len(self.server.given)
        if number == len(self.server.bodies):
            self.server.finished.set()
            time.sleep(_SECONDS)
            return
        body = self.server.bodies[number]
        self.send_response(200)
        self.send_header("Lambda-Runtime-Aws-Request-Id", f"request-{number}")
        self.send_header("Lambda-Runtime-Deadline-Ms", str(int(time.time() * 1000) + 60_000))
        self.send_header("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:x:0:function:b:p")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.server.given.append(time.perf_counter())
        self.wfile.write(body)

    def do_POST(self) -> None:
        """Take an answer or an error."""
        self.server.answered.append(time.perf_counter())
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path.endswith("/error"):
            self.server.failure = str(json.loads(body).get("errorMessage"))
            self.server.finished.set()
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_request(self, *_: Any) -> None:
        """Keep the server quiet."""


@contextmanager
def _served(events: Sequence[object]) -> Iterator[tuple[_RuntimeApi, int]]:
    server = _RuntimeApi(events)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield server, int(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()
