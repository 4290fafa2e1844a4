"""`firehose token`: what it refuses to store, and that it shows nothing of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
HTTPS = 'name = "acme"\ntransports = ["https"]\n'


def token(file: Path, given: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ops", "token", "--deployment", str(file)],
        cwd=ROOT,
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("given", ["", " \n", "canary-1 canary-2", "Token canary-1", "canary,x"])
def test_what_is_no_single_word_is_refused_before_aws_is_asked(tmp_path: Path, given: str) -> None:
    file = tmp_path / "deployment.toml"
    file.write_text(HTTPS)

    result = token(file, given)

    assert result.returncode == 2
    assert "Next: pass the token alone" in result.stderr
    assert "canary" not in result.stdout + result.stderr


def test_deployment_without_a_url_has_no_token(tmp_path: Path) -> None:
    file = tmp_path / "deployment.toml"
    file.write_text('name = "acme"\n')

    result = token(file, "canary-1")

    assert result.returncode == 2
    assert 'Next: add "https" to transports' in result.stderr
