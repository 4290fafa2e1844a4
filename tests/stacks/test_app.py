"""The app as the CLI runs it: pure, whoever's credentials are in use."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest
from aws_cdk import App

from stacks import policy
from tests.stacks.variants import ROOT

DEPLOYMENT = """
name = "acme"
pods = ["EU1"]
[code]
path = "{jar}"
runtime = "java21"
handler = "com.acme.Endpoint::handleRequest"
"""


def synthesized(folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run app.py and give the template."""
    (folder / "acme.jar").write_bytes(b"jar")
    (folder / "deployment.toml").write_text(DEPLOYMENT.format(jar=folder / "acme.jar"))
    monkeypatch.setenv("FIREHOSE_DEPLOYMENT", str(folder / "deployment.toml"))
    app: App = runpy.run_path(str(ROOT / "app.py"))["app"]
    (template,) = Path(app.outdir).glob("*.template.json")
    return template.read_text()


def test_template_is_the_same_with_and_without_an_account(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CDK_DEFAULT_ACCOUNT", raising=False)
    without = synthesized(tmp_path, monkeypatch)
    monkeypatch.setenv("CDK_DEFAULT_ACCOUNT", "111122223333")
    monkeypatch.setattr(policy, "packs", lambda _scope: [])  # once is enough

    assert synthesized(tmp_path, monkeypatch) == without
    assert "AWS::Lambda::Version" in without
