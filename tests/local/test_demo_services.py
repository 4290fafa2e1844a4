"""The demo's services: each region's calls are written down with where they were meant to go."""

from __future__ import annotations

import http.client
import io
import json
import os
import shutil
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

from local.demo_services import Ledger, services
from plan.deployment import Deployment
from plan.regions import regions
from plan.target import LOCAL
from tests.border import DEPLOYMENT
from tests.running import ROOT


def post(url: str) -> int:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    connection.request("POST", f"{parts.path}?key=canary", "canary")
    status = connection.getresponse().status
    connection.close()
    return status


def test_call_is_noted_by_region_and_intended_address_without_its_content() -> None:
    plans = regions(
        Deployment.model_validate(
            {
                "name": "acme",
                "pods": ["US1", "EU1"],
                "environment": {"API": "https://api.acme.example/v1", "MODE": "fast"},
                "regions": {"eu-central-1": {"environment": {"API": "https://eu.acme.example"}}},
            }
        ),
        LOCAL,
    )
    file = io.StringIO()

    with services(plans, Ledger(file)) as environments:
        statuses = [
            post(f"{environments[region]['API']}/events") for region in sorted(environments)
        ]

    assert statuses == [200, 200]
    assert [json.loads(line) for line in file.getvalue().splitlines()] == [
        {
            "region": "eu-central-1",
            "method": "POST",
            "origin": "https://eu.acme.example",
            "path": "/events",
        },
        {
            "region": "us-east-1",
            "method": "POST",
            "origin": "https://api.acme.example",
            "path": "/v1/events",
        },
    ]
    assert {it["MODE"] for it in environments.values()} == {"fast"}


def test_services_end_with_who_started_them(tmp_path: Path) -> None:
    shutil.copy(DEPLOYMENT, tmp_path / "deployment.toml")
    (tmp_path / "lambda_src").mkdir()
    deployment, ledger = tmp_path / "led.toml", tmp_path / "ledger"
    with subprocess.Popen(
        [sys.executable, "-m", "local.demo_services", str(deployment), str(ledger)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
    ) as process:
        deadline = time.monotonic() + 20
        while not deployment.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        led = tomllib.loads(deployment.read_text("utf-8"))
        post(led["regions"]["eu-central-1"]["environment"]["PARTNER_API_URL"])

        assert json.loads(ledger.read_text("utf-8"))["origin"] == "https://eu.api.acme.example"
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(timeout=10) == 0
