"""`firehose sample` as a person runs it."""

from __future__ import annotations

import json
from pathlib import Path

from firehose import decode
from tests.running import Firehose


def test_lines_on_stdout_are_one_message_of_each_type_and_the_seed_is_told(
    firehose: Firehose,
) -> None:
    result = firehose("sample")
    repeated = firehose("sample", "--seed", result.stderr.split()[-1])

    assert result.returncode == 0
    # Not the batch without events: the example does not ask for such.
    assert len([decode(line, strict=True) for line in result.stdout.splitlines()]) == 7
    assert repeated.stdout == result.stdout


def test_folder_gets_a_readable_file_for_each_message(firehose: Firehose, tmp_path: Path) -> None:
    folder = tmp_path / "made" / "messages"

    result = firehose(
        *("sample", "event_processing_request", "--bytes", "4000", "--count", "2"),
        *("--seed", "7", "--output", str(folder)),
    )

    assert (result.returncode, result.stdout) == (0, "")
    files = sorted(folder.iterdir())
    assert [file.name for file in files] == [
        "7-0001-event_processing_request.json",
        "7-0002-event_processing_request.json",
    ]
    assert all(decode(file.read_text(), strict=True) for file in files)
    assert "\n  " in files[0].read_text()


def test_size_that_cannot_be_is_wrong_usage_with_the_next_step(firehose: Firehose) -> None:
    result = firehose("sample", "dsr_processing_request", "--bytes", "5000")

    assert (result.returncode, result.stdout) == (2, "")
    assert "--bytes: found a size for dsr_processing_request, allowed for" in result.stderr
    assert result.stderr.splitlines()[-1].startswith("Next: firehose sample ")


def test_output_that_is_a_file_is_wrong_usage_and_left_alone(
    firehose: Firehose, tmp_path: Path
) -> None:
    file = tmp_path / "mine.json"
    file.write_text(json.dumps("mine"))

    result = firehose("sample", "--output", str(file))

    assert result.returncode == 2
    assert str(file) in result.stderr
    assert file.read_text() == '"mine"'


def test_messages_have_the_settings_that_the_integration_registers_unless_unshaped(
    firehose: Firehose, tmp_path: Path
) -> None:
    file = tmp_path / "deployment.toml"
    file.write_text(
        'name = "acme"\n[code]\nintegration = "tests.workbench.contract.partner:Right"\n'
    )
    arguments = ("sample", "event_processing_request", "--deployment", str(file))

    shaped = json.loads(firehose(*arguments).stdout)
    unshaped = json.loads(firehose(*arguments, "--unshaped").stdout)

    assert shaped["account"]["account_settings"] == {"key": "made-up-value"}
    assert not shaped.get("user_identities")
    assert unshaped["account"]["account_settings"] == {"apiKey": "sample-key"}
    assert unshaped["user_identities"]
