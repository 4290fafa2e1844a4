"""How `firehose` starts and ends where it cannot go on: with a sentence, never with a traceback."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from local.embedded_aws import EmbeddedAws
from ops.commands import build
from ops.commands import local as command
from tests.running import ROOT, Run

_SLOW = """
import signal, sys, threading, os
class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == "cli":
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Interrupting())
import start
start.main()
"""


@pytest.mark.border
def test_ctrl_c_while_it_is_loaded_ends_it_without_a_word() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", _SLOW], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert (ran.returncode, ran.stdout, ran.stderr) == (-signal.SIGINT, "", "")


@pytest.mark.parametrize("number", [errno.EROFS, errno.ENOSPC, errno.EACCES])
def test_disk_that_takes_nothing_is_told_in_a_sentence(
    run: Run, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number), "build/aws")

    monkeypatch.setattr(build, "build_package", refuse)

    ran = run("build", environment={})

    assert ran.returncode == 2
    assert ran.stderr.splitlines() == [
        f"firehose: build/aws cannot be used: {os.strerror(number)}",
        "Next: make room on the disk, and let the project's folder be read and written",
    ]


def test_up_starts_nothing_where_down_would_not_find_it(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "build").write_text("a file")
    monkeypatch.setattr(command, "start_detached", lambda: pytest.fail("it was started"))

    ran = run("local", "up", environment={})

    assert ran.returncode == 2
    assert "build cannot be made" in ran.stderr


def test_up_stops_what_it_started_when_nothing_can_say_so(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Started(EmbeddedAws):
        def stop(self) -> None:
            (self.scratch / "stopped").touch()

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(
        command, "start_detached", lambda: Started(port=9, group=0, scratch=tmp_path)
    )
    (tmp_path / "build" / "embedded-aws.json").mkdir(parents=True)

    ran = run("local", "up", environment={})

    assert ran.returncode == 2
    assert "build/embedded-aws.json cannot be written" in ran.stderr
    assert (tmp_path / "stopped").exists()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"port": 9}'])
def test_half_written_note_of_what_runs_is_no_reason_to_fail(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "embedded-aws.json").write_text(text)

    ran = run("local", "down", environment={})

    assert (ran.returncode, ran.stderr) == (0, "No embedded AWS is running.\n")
