"""`firehose destroy` at a terminal: the deployment's name is asked for before anything goes."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from console.exit_codes import CommandError
from ops.commands.destroy import destroy as destroy_command
from tests.aws.cloud import FakeCloud

REGIONS = ("us-east-1", "eu-central-1", "ap-southeast-2")


def deployed(cloud: FakeCloud) -> list[str]:
    return [region for region, it in cloud.sessions.items() if it.stacks.states]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_name_is_asked_for_at_a_terminal(
    cloud: FakeCloud,
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal("other\nacme\n"))

    with pytest.raises(CommandError, match="was not confirmed"):
        destroy_command(deployment=file)
    assert sorted(deployed(cloud)) == sorted(REGIONS)
    destroy_command(deployment=file)

    asked = (
        "This deletes acme in us-east-1, eu-central-1, ap-southeast-2 for good."
        " Type acme to go on: "
    )
    assert capsys.readouterr().err.count(asked) == 2
    assert deployed(cloud) == []


def test_question_is_shown_before_its_answer_is_read_and_not_put_twice(
    cloud: FakeCloud, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown, seen = io.BytesIO(), []

    def readline() -> str:
        seen.append(shown.getvalue().decode())
        return "acme\n"

    terminal = SimpleNamespace(isatty=lambda: True, readline=readline)
    monkeypatch.setattr(sys, "stdin", terminal)
    monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(shown))

    destroy_command(deployment=file, region=["us-east-1"], confirm="acme")
    unasked = list(seen)
    destroy_command(deployment=file, region=["eu-central-1"])

    assert unasked == []
    assert seen[0].endswith("Type acme to go on: ")
    assert deployed(cloud) == ["ap-southeast-2"]
