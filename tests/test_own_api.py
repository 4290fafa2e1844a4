"""docs/own-api.md, as a partner follows it: an API that is nothing like the example's."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

from tests.guide import Step, assert_shown, steps
from tests.pages import DOCS
from tests.partners_repository import PartnersRepository, product
from tests.running import ROOT

PAGE = next(page for page in DOCS if page.name == "own-api.md").read_text("utf-8")
DOCUMENT = ROOT / "tests" / "fixtures" / "openapi" / "loyalty.yaml"


def run(partners: PartnersRepository, step: Step) -> list[str]:
    """Run a command of the page; `make demo` without the set-up, which is this environment."""
    python = [sys.executable, "-m"]
    name, *arguments = step.command.split()
    command = ["scripts/demo"] if name == "make" else [*python, "cli", *arguments]
    ended = partners.run(*command, COLUMNS="200")
    assert "Traceback" not in ended.stderr, ended.stderr
    return [*ended.stdout.splitlines(), *ended.stderr.splitlines(), str(ended.returncode)]


@pytest.mark.rehearsal  # three regions on an embedded AWS
def test_partner_is_proven_in_three_regions_by_the_guide_alone(tmp_path: Path) -> None:
    partners = product(tmp_path / "partner")
    shutil.copy(DOCUMENT, partners.folder / "openapi.yaml")

    for step in steps(PAGE):
        assert_shown(step, run(partners, step))

    cache = ("--cache-dir", str(ROOT / ".mypy_cache"))  # of the types of all that is imported
    for check in (("ruff", "check"), ("ruff", "format", "--check"), ("mypy", *cache)):
        partners.must(sys.executable, "-m", *check, "lambda_src/loyalty", "tests/loyalty")
    call = json.loads(
        (partners.folder / "tests/loyalty/golden/events.golden.json").read_text("utf-8")
    )["calls"][0]
    assert (call["method"], call["path"]) == ("PUT", "/v2/events")
