"""What is installed is what was chosen, and nothing without a hash."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LOCKS = {
    "requirements.lock": "requirements.txt",
    "requirements-dev.lock": "requirements-dev.txt",
    "lambda_src/requirements.txt": "lambda_src/requirements.in",
}
_PIN = re.compile(r"^([A-Za-z][\w.-]*)(?:\[[^]]*\])?==([^\s;]+)", re.MULTILINE)


def pins(file: str) -> dict[str, str]:
    text = (ROOT / file).read_text(encoding="utf-8")
    return {name.lower().replace("_", "-"): version for name, version in _PIN.findall(text)}


@pytest.mark.parametrize(("lock", "chosen"), LOCKS.items())
def test_lock_has_what_was_chosen(lock: str, chosen: str) -> None:
    assert pins(chosen).items() <= pins(lock).items()


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_of_a_lock_has_hashes(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", "")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]

    assert len(lines) >= 2
    assert [
        line for line in lines if not re.search(r"==\S+ .*--hash=sha256:[0-9a-f]{64}", line)
    ] == []


def test_tests_run_with_what_is_deployed_with() -> None:
    assert pins("requirements.lock").items() <= pins("requirements-dev.lock").items()


def test_setup_installs_nothing_without_a_hash() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    installs = re.findall(r"^\t.*pip install (.*)$", makefile, re.MULTILINE)

    assert len(installs) >= 3
    for arguments in installs:
        assert "--require-hashes" in arguments or "--no-deps --no-build-isolation" in arguments


def test_project_is_built_with_what_the_lock_has() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    (build,) = project["build-system"]["requires"]
    assert build == f"hatchling=={pins('requirements.lock')['hatchling']}"
