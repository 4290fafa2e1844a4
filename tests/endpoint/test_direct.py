"""The lambda transport's entry point, started as Lambda starts it: alone, from its environment."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from endpoint.settings import Settings
from plan.fields import RESERVED_PREFIXES

ROOT = Path(__file__).parents[2]
START = """
import sys, json
sys.path.insert(0, sys.argv[1])
before = set(sys.modules)
from endpoint.direct import handler
print(json.dumps(handler(json.load(sys.stdin), None)))
print(json.dumps(sorted({name.partition('.')[0] for name in set(sys.modules) - before})))
"""


def started(
    package: Path, request: dict[str, Any], **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run one call in a Python that sees the package and the standard library only."""
    return subprocess.run(
        [sys.executable, "-I", "-S", "-c", START, str(package)],
        input=json.dumps(request),
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_packaged_handler_answers_with_nothing_but_msgspec_and_the_standard_library(
    package: Path, request_message: dict[str, Any]
) -> None:
    process = started(package, request_message, FIREHOSE_INTEGRATION="integration:Integration")

    assert process.returncode == 0, process.stderr
    _, response, modules = process.stdout.splitlines()
    assert json.loads(response)["id"] == request_message["id"]
    ours = {"endpoint", "firehose", "integration", "msgspec"}
    assert set(json.loads(modules)) <= ours | set(sys.stdlib_module_names)
    assert not set(json.loads(modules)) & {"asyncio", "dataclasses", "inspect", "logging"}


def test_start_without_the_contract_names_the_missing_variable(package: Path) -> None:
    process = started(package, {})

    assert process.returncode != 0
    assert "FIREHOSE_INTEGRATION" in process.stderr.splitlines()[-1]


def test_settings_survive_the_environment() -> None:
    settings = Settings(integration="acme:Acme")

    assert Settings.from_environment(settings.to_environment()) == settings


def test_partner_cannot_overwrite_the_contract() -> None:
    names = Settings(integration="acme:Acme").to_environment()

    assert all(name.startswith(RESERVED_PREFIXES) for name in names)


@pytest.mark.parametrize("file", sorted((ROOT / "lambda_src").rglob("*.py")), ids=lambda f: f.stem)
def test_code_in_the_function_names_no_region(file: Path) -> None:
    # Iterable's public integration has one hard-coded; each region has to find its own.
    text = file.read_text(encoding="utf-8")

    assert not [r for r in ("us-east-1", "eu-central-1", "ap-southeast-2") if r in text]
