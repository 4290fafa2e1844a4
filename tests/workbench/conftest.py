"""The `firehose` command in the test's own process, which is quicker than one of its own."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable

import pytest

from cli import main

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
