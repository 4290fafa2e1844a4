"""Terminals of every kind: narrow, without colour, dumb, or none at all."""

from __future__ import annotations

import io
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from console.marks import Mark
from console.output import Format, Record, say, write
from console.progress import steps
from plan.names import DEPLOYMENT_VARIABLE
from tests.border import DEPLOYMENT

ROOT = Path(__file__).parents[2]
RECORDS: list[Record] = [
    {
        "region": region,
        "arn": f"arn:aws:lambda:{region}:000000000000:function:acme-firehose:production",
        "granted": ("338661164609", "457804467337"),
        "reserved": None,
        "right": True,
    }
    for region in ("us-east-1", "eu-central-1")
]
COLOUR = re.compile(r"\x1b\[(?:3[0-8]|4[0-8]|9[0-7])")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def written(monkeypatch: pytest.MonkeyPatch, **environment: str) -> str:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    terminal = Terminal()
    write(RECORDS, form=Format.TABLE, stream=terminal)
    return terminal.getvalue()


@pytest.mark.parametrize("columns", ["1", "40", "80", "120", "300"])
def test_no_word_is_broken_however_narrow_the_terminal_is(
    monkeypatch: pytest.MonkeyPatch, columns: str
) -> None:
    text = written(monkeypatch, COLUMNS=columns, TERM="xterm-256color")

    for record in RECORDS:
        assert str(record["arn"]) in text
        assert str(record["region"]) in text
    assert text.count("338661164609") == 2


def test_column_of_single_words_is_not_broken_while_others_can_wrap(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("TERM", "dumb")
    terminal = Terminal()
    rows: list[Record] = [{"region": "ap-southeast-2", "found": "many short words " * 5}]

    write(rows, form=Format.TABLE, stream=terminal)

    assert "ap-southeast-2   many short" in terminal.getvalue()


def test_narrow_terminal_gets_a_line_for_each_value(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = written(monkeypatch, COLUMNS="40").splitlines()

    assert lines[:5] == [
        "region: us-east-1",
        f"arn: {RECORDS[0]['arn']}",
        "granted: 338661164609, 457804467337",
        "reserved: -",
        "right: yes",
    ]
    assert lines[5] == ""


@pytest.mark.parametrize("columns", ["40", "300"])
def test_terminal_without_colour_gets_none(monkeypatch: pytest.MonkeyPatch, columns: str) -> None:
    text = written(monkeypatch, COLUMNS=columns, TERM="xterm-256color", NO_COLOR="1")

    assert not COLOUR.search(text)


@pytest.mark.parametrize("columns", ["40", "300"])
def test_dumb_terminal_gets_plain_text(monkeypatch: pytest.MonkeyPatch, columns: str) -> None:
    assert "\x1b" not in written(monkeypatch, COLUMNS=columns, TERM="dumb")


@pytest.mark.parametrize(
    ("no_color", "shown"), [({}, {"32", "33", "31"}), ({"NO_COLOR": "1"}, set())], ids=["", "none"]
)
def test_marks_are_green_yellow_and_red_where_colour_is_wanted(
    monkeypatch: pytest.MonkeyPatch, no_color: dict[str, str], shown: set[str]
) -> None:
    for name, value in {"COLUMNS": "80", "TERM": "xterm-256color", **no_color}.items():
        monkeypatch.setenv(name, value)
    terminal = Terminal()
    rows: list[Record] = [{"state": mark, "region": "us-east-1"} for mark in Mark]

    write(rows, form=Format.TABLE, stream=terminal)

    found = re.findall(r"\x1b\[(?:1;)?(3[0-7])m[✓!✗]", terminal.getvalue())
    assert set(found) == shown
    assert all(mark in terminal.getvalue() for mark in Mark)


def test_what_is_said_has_its_mark_coloured_and_its_lines_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("TERM", "xterm-256color")
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)

    say(
        "✗ us-east-1: it is [broken]\nNext: " + "a command that is longer than the terminal is wide"
    )

    assert terminal.getvalue().startswith("\x1b[1;31m✗\x1b[0m us-east-1: it is [broken]\n")
    assert len(terminal.getvalue().splitlines()) == 2


def test_progress_on_a_dumb_terminal_is_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)

    with steps("calls") as progress:
        progress.report("us-east-1", 3, 3)

    assert capsys.readouterr().err == "us-east-1: calls: 3 of 3\n"


def test_end_of_some_work_is_one_line_however_often_it_is_counted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with steps("calls") as progress:
        for done in (1, 2, 2, 1, 2):
            progress.report("us-east-1", done, 2)

    assert capsys.readouterr().err == "us-east-1: calls: 2 of 2\n" * 2


@pytest.mark.border
def test_command_on_a_real_terminal_of_40_columns_shows_every_value() -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "cli", "plan", "--region", "eu-central-1"],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "TERM": "dumb",
            "COLUMNS": "40",
            DEPLOYMENT_VARIABLE: str(DEPLOYMENT),
        },
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=subprocess.DEVNULL,
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            shown += os.read(ours, 4_096)
        except OSError:  # Linux's way to say that the other end is closed
            break
    os.close(ours)

    assert process.wait() == 0
    assert b"stack: acme-firehose-eu-central-1\r\n" in shown
    assert b"\x1b" not in shown


@pytest.mark.border
def test_reader_that_leaves_early_is_no_traceback() -> None:
    result = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m cli plan --format json | head -n 1"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], DEPLOYMENT_VARIABLE: str(DEPLOYMENT)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert result.stdout == "[\n"
    assert "Traceback" not in result.stderr
    assert "BrokenPipe" not in result.stderr
