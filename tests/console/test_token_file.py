"""A token from a file or standard input: one, whole, and never shown."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from console.exit_codes import CommandError, ExitCode
from console.token_file import read_token


def test_token_is_read_from_a_file_or_standard_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "token"
    file.write_text(" token-1\n")
    monkeypatch.setattr(sys, "stdin", io.StringIO("token-2\n"))

    assert (read_token(str(file)), read_token("-"), read_token(None)) == (
        "token-1",
        "token-2",
        None,
    )


@pytest.mark.parametrize("content", ["", " \n", "canary two", "canary,two", "canäry", "c" * 4_097])
def test_what_is_no_token_is_refused_without_being_shown(tmp_path: Path, content: str) -> None:
    file = tmp_path / "token"
    file.write_text(content, "utf-8")

    with pytest.raises(CommandError, match=r"--token: .*token holds no token") as refused:
        read_token(str(file))

    assert refused.value.exit_code is ExitCode.USAGE
    assert "can" not in str(refused.value).replace(str(file), "")
