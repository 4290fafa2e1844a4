"""The border itself: a test of the product that opens a file of the partner's fails."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from plan.deployment import deployment_file, load
from tests.border import DEPLOYMENT, BorderCrossed, is_partners
from tests.running import ROOT


@pytest.mark.parametrize("name", ["deployment.toml", "deployment.limits.toml", "logo.svg"])
def test_file_of_the_partner_is_closed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BorderCrossed, match=rf"{name} is the partner's"):
        (ROOT / name).read_text()
    monkeypatch.chdir(ROOT)
    with pytest.raises(BorderCrossed):
        Path(name).read_text()


def test_folder_that_is_named_like_a_file_of_the_partner_can_be_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    (tmp_path / "build" / "deployment.toml").mkdir(parents=True)

    shutil.rmtree(tmp_path / "build")

    assert list(tmp_path.iterdir()) == []


LISTING = "this test lists .*; mark it `pytest.mark.border`"


@pytest.mark.parametrize("folder", ["", "tests", "lambda_src"])
def test_test_that_lists_a_folder_of_both_has_to_be_marked(
    folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(BorderCrossed, match=LISTING):
        list((ROOT / folder).iterdir())
    monkeypatch.chdir(ROOT / folder)
    with pytest.raises(BorderCrossed, match=LISTING):
        next(os.walk("."))
    assert list((ROOT / "docs").iterdir())


def test_test_that_starts_a_process_in_the_project_has_to_be_marked(tmp_path: Path) -> None:
    with pytest.raises(BorderCrossed, match="this test starts a process in "):
        subprocess.run(["true"], cwd=ROOT, check=True)
    subprocess.run(["true"], cwd=tmp_path, check=True)


@pytest.mark.border
def test_marked_test_may_do_both() -> None:
    subprocess.run(["true"], cwd=ROOT, check=True)
    assert {"docs", "tests"} <= {it.name for it in ROOT.iterdir()}


def test_product_runs_by_a_deployment_of_its_own() -> None:
    assert deployment_file(os.environ) == DEPLOYMENT
    assert load(DEPLOYMENT).name == "acme"


@pytest.mark.parametrize(
    ("file", "theirs"),
    [
        ("deployment.toml", True),
        ("logo.svg", True),
        ("tests/fixtures/deployment.toml", False),
        ("lambda_src/acme/__init__.py", False),
        ("lambda_src/firehose/codec.py", False),
        ("README.md", False),
    ],
)
def test_file_is_the_partners_only_in_the_partners_places(file: str, *, theirs: bool) -> None:
    assert is_partners(ROOT / file) is theirs
