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
from probe.check_requests import request_named
from tests.border import PACKAGES

ROOT = Path(__file__).parents[2]
START = """
import sys, json
sys.path.insert(0, sys.argv[1])
before = set(sys.modules)
from endpoint.direct import handler
class Call:
    def get_remaining_time_in_millis(self):
        return int(sys.argv[2])
print(json.dumps(handler(json.load(sys.stdin), Call())))
print(json.dumps(sorted({name.partition('.')[0] for name in set(sys.modules) - before})))
"""


def started(
    package: Path, request: dict[str, Any], remaining_ms: int = 5000, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run one call in a Python that sees the package and the standard library only."""
    return subprocess.run(
        [sys.executable, "-I", "-S", "-c", START, str(package), str(remaining_ms)],
        input=json.dumps(request),
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_packaged_handler_loads_what_travels_with_it_and_little_of_the_standard_library(
    package: Path, request_message: dict[str, Any], partner_url: str
) -> None:
    process = started(
        package,
        request_message,
        FIREHOSE_INTEGRATION="acme:Acme",
        PARTNER_API_URL=partner_url,
    )

    assert process.returncode == 0, process.stderr
    _, response, modules = process.stdout.splitlines()
    assert json.loads(response)["id"] == request_message["id"]
    ours = {"endpoint", "firehose", "acme", "partner_http", "msgspec", "httptools"}
    others = set(json.loads(modules)) - ours - set(sys.stdlib_module_names)
    assert all("cython" in name for name in others), others
    slow = {"asyncio", "dataclasses", "email", "inspect", "logging", "urllib"}
    assert not set(json.loads(modules)) & slow


def test_integration_is_told_what_time_lambda_leaves(package: Path) -> None:
    batch = request_named("event_processing_request")

    process = started(
        package,
        batch,
        remaining_ms=100,
        FIREHOSE_INTEGRATION="acme:Acme",
        PARTNER_API_URL="http://127.0.0.1:9",  # nobody answers there, and nobody asks
    )

    assert "RetryableError at acme/partner_api.py" in process.stderr
    assert "in send, while processing" in process.stderr


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


@pytest.mark.parametrize(
    "file",
    [file for name in PACKAGES for file in sorted((ROOT / "lambda_src" / name).rglob("*.py"))],
    ids=lambda file: file.stem,
)
def test_code_in_the_function_names_no_region(file: Path) -> None:
    # Iterable's public integration has one hard-coded; each region has to find its own.
    text = file.read_text(encoding="utf-8")

    assert not [r for r in ("us-east-1", "eu-central-1", "ap-southeast-2") if r in text]
