"""Processes that must not outlive who started them, with all that they start themselves."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import IO

import msgspec


class ChildProcesses:
    """Processes, each the first of a group of its own. Several threads may start one."""

    def __init__(self) -> None:
        self._groups: set[int] = set()
        self._has_ended = False
        self._lock = threading.Lock()

    @contextmanager
    def running(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        *,
        stderr: int | IO[bytes],
    ) -> Iterator[subprocess.Popen[bytes]]:
        """Run a program for the length of a block; its output is a pipe, its input empty."""
        with subprocess.Popen(  # noqa: S603 - our own commands, pytest and the CDK CLI
            command,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stderr,
            process_group=0,
        ) as process:
            try:
                self._note(process.pid)
                yield process
            finally:
                self._end(process.pid)

    def lines_of(self, arguments: Sequence[str], environment: Mapping[str, str]) -> Iterator[bytes]:
        """Run this Python with `-m` and arguments; give each line of its output when it comes.

        The last line is `{"ended": CODE, "said": TEXT}`, with what it wrote to standard error.
        Whoever stops reading ends it.
        """
        command = [sys.executable, "-m", *arguments]
        with tempfile.TemporaryFile() as said:
            with self.running(command, environment, stderr=said) as process:
                yield from process.stdout or ()
                code = process.wait()
            said.seek(0)
            text = said.read().decode(errors="replace")
            yield msgspec.json.encode({"ended": code, "said": text}) + b"\n"

    def end(self) -> None:
        """End what still runs, and whatever somebody starts from now on."""
        with self._lock:
            self._has_ended = True
            for group in self._groups:
                _kill(group)

    def _note(self, group: int) -> None:
        with self._lock:
            self._groups.add(group)
            if self._has_ended:
                _kill(group)

    def _end(self, group: int) -> None:
        with self._lock:
            self._groups.discard(group)
            _kill(group)


def _kill(group: int) -> None:
    with suppress(ProcessLookupError, PermissionError):  # ended; so macOS calls what is not reaped
        os.killpg(group, signal.SIGKILL)
