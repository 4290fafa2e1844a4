"""What holds in a partner's repository: the product's tests, their inner loop, an upgrade."""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path

import pytest

from tests.partners_repository import NAME, PartnersRepository, become_partners, product
from tests.running import ROOT


def release(upstream: PartnersRepository) -> None:
    """Change what a release may change: every kind of file, and the shipped deployment file."""
    for name in (
        "README.md",
        "Makefile",
        "pyproject.toml",
        "CHANGELOG.md",
        ".github/workflows/check.yml",
        "plan/function.py",
        "lambda_src/acme/__init__.py",
        "lambda_src/acme/registration.py",
        "lambda_src/requirements.txt",
        "tests/acme/messages.py",
        "tests/fixtures/deployment.toml",
        "deployment.toml",
    ):
        file = upstream.folder / name
        file.write_text(f"# Release 2\n{file.read_text('utf-8')}# the end\n", "utf-8")
    chosen = upstream.folder / "deployment.toml"
    text = chosen.read_text("utf-8")
    assert 'pods = ["US1"' in text
    chosen.write_text(text.replace('pods = ["US1"', 'pods = ["US2", "US1"'), "utf-8")
    upstream.commit("Release 2")


@pytest.mark.border
def test_release_is_merged_without_a_conflict_and_what_is_theirs_stays(tmp_path: Path) -> None:
    upstream = product(tmp_path / "product")
    theirs = PartnersRepository(tmp_path / "partner")
    upstream.must("git", "clone", "--quiet", str(upstream.folder), str(theirs.folder))
    become_partners(theirs)
    release(upstream)
    before = theirs.must("git", "ls-files", "--stage", *owned(theirs))

    for command in commands_of_the_page():
        theirs.must(*command.replace("URL", str(upstream.folder)).split())

    assert theirs.must("git", "status", "--porcelain") == ""
    assert theirs.must("git", "ls-files", "--stage", *owned(theirs)) == before
    assert (theirs.folder / "README.md").read_text("utf-8").startswith("# Release 2\n")
    assert "# Release 2" in (theirs.folder / "tests/fixtures/deployment.toml").read_text("utf-8")


def owned(repository: PartnersRepository) -> list[str]:
    """List what is the partner's."""
    tracked = repository.must("git", "ls-files").splitlines()
    folders = (f"lambda_src/{NAME}/", f"tests/{NAME}/")
    names = {"deployment.toml", "deployment.limits.toml", "logo.svg"}
    found = [name for name in tracked if name.startswith(folders) or name in names]
    assert len(found) > 20
    return found


def commands_of_the_page() -> list[str]:
    """Give what docs/upgrading.md tells to run from the first setting to the merge."""
    page = (ROOT / "docs" / "upgrading.md").read_text("utf-8")
    commands = [line[2:].partition("  #")[0] for line in page.splitlines() if line[:2] == "$ "]
    git = [command for command in commands if command.startswith("git ")]
    assert any(command.startswith("git merge") for command in git)
    return git


@pytest.fixture(scope="module")
def partners(tmp_path_factory: pytest.TempPathFactory) -> PartnersRepository:
    made = product(tmp_path_factory.mktemp("border") / "partner")
    become_partners(made)
    return made


@pytest.mark.rehearsal
def test_products_tests_that_may_meet_a_partners_files_hold_beside_them(
    partners: PartnersRepository,
) -> None:
    """The others can tell no difference: the border holds that in every run of theirs."""
    suite = partners.run(
        sys.executable,
        *("-m", "pytest", "-q", "-m", "border and not rehearsal", "--ignore=tests/local"),
    )

    assert suite.returncode == 0, suite.stdout[-6000:]
    assert int(re.findall(r"^(\d+) passed", suite.stdout, re.MULTILINE)[-1]) > 40


@pytest.mark.rehearsal
def test_mistake_of_the_partners_fails_only_the_partners_tests(
    partners: PartnersRepository, tmp_path: Path
) -> None:
    shutil.copytree(partners.folder, tmp_path / "partner")
    mistaken = PartnersRepository(tmp_path / "partner")
    file = mistaken.folder / "lambda_src" / NAME / "__init__.py"
    file.write_text(file.read_text("utf-8").replace('"/events"', '"/evnets"'), "utf-8")

    loop = mistaken.firehose("test", "--format", "json")

    assert loop.returncode == 1
    assert {it["proof"]: it["holds"] for it in json.loads(loop.stdout)} == {
        "tests and golden messages": False,
        "contract": True,
        "templates": True,
        "registration": True,
    }
    assert "/evnets" in loop.stderr
