"""docs/first-hour.md, as a new user follows it: its commands in its order, in a working copy."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

import pytest

from tests.guide import assert_shown, steps
from tests.workbench.working_copy import ROOT, WorkingCopy

pytestmark = pytest.mark.rehearsal

PAGE = (ROOT / "docs" / "first-hour.md").read_text(encoding="utf-8")
# What sets up, serves until it is stopped, or needs AWS or minutes; other tests run it.
ELSEWHERE = (
    "make ", ". .venv", "firehose serve", "firehose studio", "firehose preflight", "cdk ",
    "firehose verify",
)  # fmt: skip


def test_guide_leads_to_a_proven_integration(tmp_path: Path) -> None:
    copy = WorkingCopy(tmp_path)
    ran = []

    for step in steps(PAGE):
        if step.change:
            apply(copy.folder, step.change)
        elif not step.command.startswith(ELSEWHERE):
            output = run(copy, step.command)
            assert_shown(step, output)
            ran.append(step.command)
        if step.command == "firehose new loyalty":
            assert_house_checks(copy, "lambda_src/loyalty", "tests/loyalty")

    assert len(ran) == 10, "a command that is not known here is not silently left out"


def run(copy: WorkingCopy, command: str) -> list[str]:
    """Run a command of the page with this Python; the last line of its output is its exit code."""
    python = shlex.quote(sys.executable)
    script = re.sub(r"^firehose ", f"{python} -m cli ", command)
    script = re.sub(r"^pytest ", f"{python} -m pytest -p no:cacheprovider ", script)
    result = copy.run("bash", "-c", script)
    assert "Traceback" not in result.stderr, result.stderr
    return [*result.stdout.splitlines(), *result.stderr.splitlines(), str(result.returncode)]


def assert_house_checks(copy: WorkingCopy, *folders: str) -> None:
    """Hold fresh files to what `make check` asks; with its cache of types, which saves most."""
    cache = ("--cache-dir", str(ROOT / ".mypy_cache"))
    for check in (("ruff", "check"), ("ruff", "format", "--check"), ("mypy", *cache)):
        result = copy.run(sys.executable, "-m", *check, *folders)
        assert result.returncode == 0, result.stdout


def apply(folder: Path, change: str) -> None:
    """Apply a difference whose removed line is found exactly once."""
    (name,) = re.findall(r"^\+\+\+ b/(\S+)$", change, re.MULTILINE)
    (removed,) = re.findall(r"^-(?!--)(.*)$", change, re.MULTILINE)
    (added,) = re.findall(r"^\+(?!\+\+)(.*)$", change, re.MULTILINE)
    file = folder / name
    text = file.read_text(encoding="utf-8")
    assert text.count(f"{removed}\n") == 1, f"{name} has not one line {removed!r}"
    file.write_text(text.replace(f"{removed}\n", f"{added}\n"), encoding="utf-8")
