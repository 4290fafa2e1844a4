"""A command in the test's own process: as `firehose` runs, but without half a second to start."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from cli import main

ROOT = Path(__file__).parents[1]

Run = Callable[..., "Ran"]
Firehose = Callable[..., "Ran"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """How a command ended, and what it wrote."""

    returncode: int
    stdout: str
    stderr: str


def run_here(
    *arguments: str,
    environment: Mapping[str, str],
    given: bytes = b"",
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    nobody: Mapping[str, str],
) -> Ran:
    """Run a command line with its standard input and none of this process's AWS variables.

    `nobody` is the environment without credentials, `environment` what is set on top of it. What
    is imported from a `PYTHONPATH` in it is forgotten again.
    """
    capsys.readouterr()
    known = set(sys.modules)
    with monkeypatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(("AWS_", "FIREHOSE_"))]:
            patch.delenv(name)
        for name, value in {**nobody, **environment}.items():
            patch.setenv(name, value)
        if folder := environment.get("PYTHONPATH"):
            patch.syspath_prepend(folder)
        patch.setattr(sys, "argv", ["firehose", *arguments])
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
        with pytest.raises(SystemExit) as ended:
            main()
    for name in set(sys.modules) - known:
        if folder and str(getattr(sys.modules[name], "__file__", "")).startswith(folder):
            del sys.modules[name]
    wrote = capsys.readouterr()
    return Ran(returncode=int(ended.value.code or 0), stdout=wrote.out, stderr=wrote.err)
