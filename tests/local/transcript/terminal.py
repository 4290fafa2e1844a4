"""A command on a terminal of its own, as wide as a person has it."""

from __future__ import annotations

import os
import pty
import subprocess
from collections.abc import Mapping
from pathlib import Path


def run_on_terminal(
    command: str, *, folder: Path, environment: Mapping[str, str], columns: int
) -> tuple[str, int]:
    """Run a command at a shell; give what the terminal showed, without colours, and its code."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        ["bash", "-c", command],
        cwd=folder,
        env={**environment, "COLUMNS": str(columns), "TERM": "dumb"},
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    while chunk := _read(ours):
        shown += chunk
    os.close(ours)
    return shown.decode().replace("\r\n", "\n"), process.wait()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4_096)
    except OSError:  # Linux's way to say that the other end is closed
        return b""
