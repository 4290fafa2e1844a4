"""The `firehose` command in the test's own process, and a copy of the product to write into."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cli import main
from plan.names import DEPLOYMENT_VARIABLE
from tests.workbench.working_copy import WorkingCopy

FirehoseHere = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def firehose_here(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> FirehoseHere:
    """Run `firehose` with arguments; `stdin` is what it reads."""

    def run(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[str]:
        monkeypatch.setattr(sys, "argv", ["firehose", *arguments])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        monkeypatch.setenv("COLUMNS", "200")
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        code = ended.value.code
        assert isinstance(code, int)
        return subprocess.CompletedProcess(arguments, code, said.out, said.err)

    return run


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WorkingCopy:
    """Work in a copy of the product, whose integrations can be imported."""
    working = WorkingCopy(tmp_path / "copy")
    monkeypatch.chdir(working.folder)
    monkeypatch.syspath_prepend(working.folder / "lambda_src")
    monkeypatch.delenv(DEPLOYMENT_VARIABLE)  # the copy has its own
    return working
