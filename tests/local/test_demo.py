"""`scripts/demo`, all of `make demo`: how it ends when a step fails or somebody stops it."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]


def embedded_aws_processes() -> set[str]:
    listed = subprocess.run(["ps", "-eo", "pid,args"], capture_output=True, text=True, check=True)
    return {line.split()[0] for line in listed.stdout.splitlines() if "-m ops.embedded_aws" in line}


def test_failing_step_ends_the_demo_with_the_reason_in_the_last_lines(tmp_path: Path) -> None:
    before = embedded_aws_processes()
    file = tmp_path / "deployment.toml"
    file.write_text('name = "acme"\n[function]\nmemory_mb = 1\n')

    result = subprocess.run(
        ["scripts/demo"],
        cwd=ROOT,
        env={**os.environ, "FIREHOSE_DEPLOYMENT": str(file)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode != 0
    last_lines = result.stderr.splitlines()[-6:]
    assert any("function.memory_mb: found 1" in line for line in last_lines)
    assert last_lines[-1].startswith("Demo failed in step: ")
    assert embedded_aws_processes() == before


def test_interrupted_demo_leaves_no_process_behind() -> None:
    before = embedded_aws_processes()
    demo = subprocess.Popen(
        ["scripts/demo"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert demo.stdout
    while not demo.stdout.readline().startswith("$ "):  # the first step has begun
        assert demo.poll() is None
    time.sleep(0.5)

    os.killpg(demo.pid, signal.SIGINT)

    assert demo.wait(timeout=20) == 130
    assert embedded_aws_processes() == before
    rest = demo.stdout.read()  # ends when the last process that could write has ended
    demo.stdout.close()
    assert "Next, on your own AWS account" not in rest
