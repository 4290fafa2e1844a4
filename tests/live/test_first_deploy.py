"""The lines of docs/first-deploy-on-aws.md on a real account, in their order.

Skipped without FIREHOSE_LIVE=1. FIREHOSE_DEPLOYMENT names the deployment file to use, of an account
without production traffic: the last line destroys it.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from plan.deployment import deployment_file, load

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "first-deploy-on-aws.md").read_text(encoding="utf-8")
LINES = re.findall(r"^\| ([a-z -]+) \| `([^`]+)` \|", PAGE, re.MULTILINE)
IS_LIVE = os.environ.get("FIREHOSE_LIVE") == "1"
EXPECTED_CODES = {"way back": 1}
"""A first deployment has no version to go back to."""


def test_page_begins_with_the_identity_and_ends_with_the_end() -> None:
    names = [name for name, _ in LINES]

    assert (names[0], names[-1]) == ("identity", "the end")
    assert len(names) == len(set(names)) == 12


@pytest.mark.skipif(not IS_LIVE, reason="live: needs an AWS account and FIREHOSE_LIVE=1")
@pytest.mark.parametrize(("line", "command"), LINES, ids=[name for name, _ in LINES])
def test_line_of_the_page_answers_as_the_page_says(line: str, command: str) -> None:
    name = load(deployment_file(os.environ)).name
    arguments = shlex.split(command.replace("NAME", name))

    result = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=False)

    assert result.returncode == EXPECTED_CODES.get(line, 0), result.stdout + result.stderr
