"""Files that appear whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.exit_codes import CommandError, ExitCode
from console.whole_file import write_whole


def test_file_replaces_what_was_there_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    file.write_text("old")

    write_whole(file, "new")

    assert file.read_text() == "new"
    assert list(tmp_path.iterdir()) == [file]


def test_place_that_cannot_be_written_is_wrong_usage_and_keeps_what_was_there(
    tmp_path: Path,
) -> None:
    taken = tmp_path / "folder"
    taken.mkdir()

    with pytest.raises(CommandError, match="cannot be written") as raised:
        write_whole(taken, "new")
    with pytest.raises(CommandError, match="No such file"):
        write_whole(tmp_path / "missing" / "report.json", "new")

    assert raised.value.exit_code is ExitCode.USAGE
    assert list(tmp_path.iterdir()) == [taken]
