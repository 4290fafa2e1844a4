"""What `firehose build` says about bytecode."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from ops.commands.build import build
from tests.border import copy_packages

OTHER = "3.13" if sys.version_info[:2] != (3, 13) else "3.12"
"""A version that this Python has not."""


def test_package_without_bytecode_says_what_that_costs_and_how_to_have_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for variable in ("PATH", "UV_PYTHON_INSTALL_DIR"):
        monkeypatch.setenv(variable, str(tmp_path))
    monkeypatch.setenv("VIRTUAL_ENV", sys.prefix)
    monkeypatch.chdir(tmp_path)
    copy_packages(tmp_path)
    file = Path("deployment.toml")
    file.write_text(f'name = "acme"\n[code]\nruntime = "python{OTHER}"\n')

    build(deployment=file)
    first = capsys.readouterr().err
    build(deployment=file)
    second = capsys.readouterr().err

    assert "build/aws: built without bytecode" in first
    assert "a start half as long again" in first
    assert f"Next: uv python install {OTHER}" in first
    assert second.strip() == "build/aws: unchanged"
