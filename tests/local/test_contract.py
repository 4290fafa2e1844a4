"""`firehose contract --target local`: the package, deployed in front of a service in trouble."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.local.cloud import Cloud
from tests.local.documented import records

pytestmark = pytest.mark.rehearsal

CHECKS = ("event_processing_request", "oversize", "cut_off", "repeated_delivery", "dead_service")


def test_packaged_function_keeps_the_contract_over_both_transports(tmp_path: Path) -> None:
    file = tmp_path / "deployment.toml"
    file.write_text(
        'name = "pact"\npods = ["EU1"]\ntransports = ["lambda", "https"]\n'
        '[environment]\nPARTNER_API_URL = "https://api.acme.example"\n'
    )

    cloud = Cloud(environment={**os.environ, "FIREHOSE_DEPLOYMENT": str(file)}, assembly=tmp_path)
    result = cloud.run(
        *("firehose", "contract", "--target", "local", "--format", "json"),
        *(part for name in CHECKS for part in ("--check", name)),
    )

    assert result.returncode == 0, result.stderr
    rows = records("contract", result.stdout)
    outcomes = {(row["transport"], row["check"]): row["outcome"] for row in rows}
    assert outcomes == {
        (transport, name): "not demanded"
        if (transport, name) == ("lambda", "cut_off")
        else "passed"
        for transport in ("lambda", "https")
        for name in CHECKS
    }
    assert {row["endpoint"] for row in rows} == {"eu-central-1"}
