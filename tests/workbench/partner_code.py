"""Integrations and plans for the workbench, as a partner would have them."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path
from typing import Any

import pytest

from plan.deployment import Deployment
from plan.region_plan import RegionPlan
from plan.regions import regions
from plan.target import AWS

MESSAGES = Path(__file__).parents[2] / "probe" / "messages"

BEGINNING = """
    import http.client, logging, os, urllib.request
    from urllib.parse import urlsplit
    from firehose import *

    def post(url, content):
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(parts.netloc, timeout=5)
        connection.request("POST", parts.path or "/", content)
        status = connection.getresponse().status
        connection.close()
        return status

    class Acme(MessageProcessor):
        def process_registration_request(self, request):
            return ModuleRegistrationResponse(name="Acme", version="1", description="")
"""


def message(name: str) -> bytes:
    return (MESSAGES / f"{name}.json").read_bytes()


def message_of(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(message(name))
    return content


def written(folder: Path, hooks: str, *, name: str) -> str:
    """Write an integration with the hooks; give its name for a deployment file."""
    code = textwrap.dedent(BEGINNING) + textwrap.indent(textwrap.dedent(hooks), "    ")
    (folder / f"{name}.py").write_text(code)
    return f"{name}:Acme"


def importable(folder: Path, hooks: str, monkeypatch: pytest.MonkeyPatch, *, name: str) -> str:
    """Do the same, where this process finds it."""
    monkeypatch.syspath_prepend(folder)
    return written(folder, hooks, name=name)


def planned(integration: str = "acme:Acme", **choices: Any) -> RegionPlan:
    """Plan one region with an integration and the choices of a deployment file."""
    deployment = {
        "name": "acme",
        "pods": ["EU1"],
        "code": {"integration": integration},
        "environment": {"PARTNER_API_URL": "https://api.acme.example/v1"},
        **choices,
    }
    (plan,) = regions(Deployment.model_validate(deployment), AWS)
    return plan
