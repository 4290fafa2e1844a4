"""The embedded AWS: on loopback only, and gone with whoever started it, however that ended."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FIREHOSE = (sys.executable, "-m", "cli")


def answers(url: str) -> bool:
    host, port = url.removeprefix("http://").split(":")
    with socket.socket() as connection:
        return connection.connect_ex((host, int(port))) == 0


def gone(url: str, *, seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while answers(url) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not answers(url)


def local_run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*FIREHOSE, "local", "run", "--", *command],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


SHOW = """
import json, os, pathlib
print(json.dumps(dict(os.environ)))
for file in ("tcp", "tcp6"):
    for line in pathlib.Path("/proc/net", file).read_text().splitlines()[1:]:
        if line.split()[3] == "0A":
            print(line.split()[1])
raise SystemExit(7)
"""


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="needs Linux's /proc")
def test_command_finds_aws_on_loopback_only_no_real_credentials_and_its_code_is_passed_on() -> None:
    result = local_run(
        *(sys.executable, "-c", SHOW), AWS_PROFILE="production", AWS_SESSION_TOKEN="canary"
    )

    assert result.returncode == 7
    environment, *listening = result.stdout.splitlines()
    seen = json.loads(environment)
    assert seen["AWS_ENDPOINT_URL"].startswith("http://127.0.0.1:")
    assert seen["FIREHOSE_TARGET"] == "local"
    assert seen["AWS_ACCESS_KEY_ID"] == "test"
    assert not {"AWS_PROFILE", "AWS_SESSION_TOKEN"} & set(seen)
    port = int(seen["AWS_ENDPOINT_URL"].rpartition(":")[2])
    assert [it for it in listening if int(it[-4:], 16) == port] == [f"0100007F:{port:04X}"]
    assert gone(seen["AWS_ENDPOINT_URL"])


def test_command_that_cannot_be_run_is_told() -> None:
    result = local_run("no-such-command")

    assert result.returncode == 1
    assert "no-such-command cannot be run" in result.stderr


@pytest.mark.parametrize(
    "ending",
    [
        signal.SIGINT,
        signal.SIGKILL,
        pytest.param(signal.SIGTERM, marks=pytest.mark.rehearsal),
        pytest.param(signal.SIGHUP, marks=pytest.mark.rehearsal),
    ],
)
def test_interrupted_run_leaves_no_aws_behind(ending: signal.Signals, tmp_path: Path) -> None:
    show = "import os, time; print(os.environ['AWS_ENDPOINT_URL'], flush=True); time.sleep(60)"
    process = subprocess.Popen(
        [*FIREHOSE, "local", "run", "--", sys.executable, "-c", show],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout
    url = process.stdout.readline().strip()
    assert answers(url)
    assert any(tmp_path.iterdir())

    process.send_signal(ending)

    assert process.wait(timeout=20) in (128 + ending, -ending)
    assert gone(url)
    assert not any(tmp_path.iterdir())
    if ending is not signal.SIGKILL:  # which nobody can pass on
        assert process.stdout.read() == "", "the command has ended too"
    process.stdout.close()


def test_up_and_down_start_and_stop_one_aws(tmp_path: Path) -> None:
    def local(command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*FIREHOSE, "local", command],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        )

    first = local("up")
    try:
        again = local("up")
        (url,) = (
            line.partition("=")[2]
            for line in first.stdout.splitlines()
            if line.startswith("export AWS_ENDPOINT_URL=")
        )

        assert first.stdout == again.stdout, "a running one is found again"
        assert answers(url)
    finally:
        local("down")

    assert gone(url)
    assert "No embedded AWS is running" in local("down").stderr
