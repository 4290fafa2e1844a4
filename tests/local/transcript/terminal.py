"""A command on a terminal of its own, as wide as a person has it."""

from __future__ import annotations

import os
import pty
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

_STYLE = re.compile(r"\x1b\[[\d;]*m")


def run_on_terminal(
    command: str, *, folder: Path, environment: Mapping[str, str], columns: int
) -> tuple[str, int]:
    """Run a command at a shell; give what the terminal showed, without styles, and its code."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        ["bash", "-c", command],
        cwd=folder,
        # rich takes a dumb terminal for one of 80 columns, whatever it is told
        env={**environment, "COLUMNS": str(columns), "TERM": "xterm", "NO_COLOR": "1"},
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    while chunk := _read(ours):
        shown += chunk
    os.close(ours)
    return _STYLE.sub("", shown.decode()).replace("\r\n", "\n"), process.wait()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4_096)
    except OSError:  # Linux's way to say that the other end is closed
        return b""
