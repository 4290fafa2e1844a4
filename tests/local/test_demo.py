"""`scripts/demo`, all of `make demo`: how it ends when a step fails or somebody stops it."""

from __future__ import annotations

import os
import signal
import subprocess
import time
import uuid
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = [
    pytest.mark.rehearsal,
    pytest.mark.skipif(
        not Path("/proc/self/environ").exists(), reason="finds processes in Linux's /proc"
    ),
]


def processes_of(demo: str) -> list[str]:
    """List the processes that inherited a demo's mark, whoever their parent is by now."""
    found = []
    for environment in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):  # it ended meanwhile
            if f"DEMO={demo}".encode() in environment.read_bytes().split(b"\0"):
                found.append(environment.parent.name)
    return found


def test_failing_step_ends_the_demo_with_the_reason_in_the_last_lines(tmp_path: Path) -> None:
    demo_id = str(uuid.uuid4())
    file = tmp_path / "deployment.toml"
    file.write_text('name = "acme"\n[function]\nmemory_mb = 1\n')

    result = subprocess.run(
        ["scripts/demo"],
        cwd=ROOT,
        env={**os.environ, "FIREHOSE_DEPLOYMENT": str(file), "DEMO": demo_id},
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode != 0
    last_lines = result.stderr.splitlines()[-6:]
    assert any("function.memory_mb: found 1" in line for line in last_lines)
    assert last_lines[-1].startswith("Demo failed in step: ")
    assert processes_of(demo_id) == []


def test_interrupted_demo_leaves_no_process_behind() -> None:
    demo_id = str(uuid.uuid4())
    demo = subprocess.Popen(
        ["scripts/demo"],
        cwd=ROOT,
        env={**os.environ, "DEMO": demo_id},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert demo.stdout
    while not demo.stdout.readline().startswith("$ "):  # the first step has begun
        assert demo.poll() is None
    time.sleep(0.5)
    assert len(processes_of(demo_id)) > 2

    os.killpg(demo.pid, signal.SIGINT)

    assert demo.wait(timeout=20) == 130
    assert processes_of(demo_id) == []
    rest = demo.stdout.read()  # ends when the last process that could write has ended
    demo.stdout.close()
    assert rest.splitlines()[-1].startswith("Stopped by SIGINT")
