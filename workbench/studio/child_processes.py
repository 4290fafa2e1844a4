"""Work that has processes of its own, so that what hangs there hangs nobody here."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence

import msgspec


class ChildProcesses:
    """The processes that a session has started: none outlives it. Several threads may start one."""

    def __init__(self) -> None:
        self._running: set[subprocess.Popen[bytes]] = set()
        self._has_ended = False
        self._lock = threading.Lock()

    def lines_of(self, arguments: Sequence[str], environment: Mapping[str, str]) -> Iterator[bytes]:
        """Run this Python with `-m` and arguments; give each line of its output when it comes.

        The last line is `{"ended": CODE, "said": TEXT}`, with what it wrote to standard error.
        Whoever stops reading ends it.
        """
        with tempfile.TemporaryFile() as said:
            with subprocess.Popen(  # noqa: S603 - this package
                [sys.executable, "-m", *arguments],
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=said,
            ) as process:
                try:
                    self._note(process)
                    assert process.stdout  # noqa: S101 - it is a pipe
                    yield from process.stdout
                    code = process.wait()
                finally:
                    process.kill()
                    self._forget(process)
            said.seek(0)
            text = said.read().decode(errors="replace")
            yield msgspec.json.encode({"ended": code, "said": text}) + b"\n"

    def end(self) -> None:
        """End what still runs, and whatever somebody starts from now on."""
        with self._lock:
            self._has_ended = True
            for process in self._running:
                process.kill()

    def _forget(self, process: subprocess.Popen[bytes]) -> None:
        with self._lock:
            self._running.discard(process)

    def _note(self, process: subprocess.Popen[bytes]) -> None:
        with self._lock:
            self._running.add(process)
            if self._has_ended:
                process.kill()
