"""A command in a process of its own, for tests of how it starts, hears Ctrl-C and ends."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from plan.names import DEPLOYMENT_VARIABLE
from tests.border import DEPLOYMENT
from tests.running import ROOT


@contextmanager
def started(
    *arguments: str, home: Path, folder: Path = ROOT, **environment: str
) -> Iterator[subprocess.Popen[str]]:
    """Start `firehose` without credentials in a folder; kill it at the end if it still runs."""
    process = subprocess.Popen(
        [sys.executable, "-m", "cli", *arguments],
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            DEPLOYMENT_VARIABLE: str(DEPLOYMENT),
            **environment,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
