"""The `firehose` command in the test's own process, and a copy of the product to write into."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from plan.names import DEPLOYMENT_VARIABLE
from tests.running import Ran, run_here
from tests.workbench.working_copy import WorkingCopy

FirehoseHere = Callable[..., Ran]


@pytest.fixture
def firehose_here(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> FirehoseHere:
    """Run `firehose` where the test is, with its variables; `stdin` is what it reads."""

    def run(*arguments: str, stdin: bytes = b"") -> Ran:
        return run_here(
            *arguments,
            environment={"COLUMNS": "200"},
            given=stdin,
            monkeypatch=monkeypatch,
            capsys=capsys,
            nobody=dict(os.environ),
        )

    return run


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WorkingCopy:
    """Work in a copy of the product, whose integrations can be imported."""
    working = WorkingCopy(tmp_path / "copy")
    monkeypatch.chdir(working.folder)
    monkeypatch.syspath_prepend(working.folder / "lambda_src")
    monkeypatch.delenv(DEPLOYMENT_VARIABLE)  # the copy has its own
    return working
