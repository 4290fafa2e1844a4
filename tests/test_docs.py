"""What the pages repeat and the code knows is the same."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import get_args

import pytest

from fuzzing.targets import TARGETS
from plan.fields import TransportName
from plan.mparticle import PODS
from probe.message_checks import QUICK_CHECKS
from tests.pages import DOCS, PAGES, ROOT, by_first_cell, rows, tables, that_stand_twice

README = (ROOT / "README.md").read_text(encoding="utf-8")
MOST_WORDS = 15_000
"""Of docs/ as `wc -w` counts them: say each thing once, and what --help says not at all."""


def test_pages_are_short_enough_to_be_read() -> None:
    words = {str(page.relative_to(ROOT)): len(page.read_text("utf-8").split()) for page in DOCS}

    assert sum(words.values()) <= MOST_WORDS, sorted(words.items(), key=lambda it: -it[1])[:8]


def test_readme_shows_the_steps_of_the_demo_in_their_order() -> None:
    demo = (ROOT / "scripts" / "demo").read_text(encoding="utf-8")
    steps = re.findall(r'^ *step "(.*)"$', demo, re.MULTILINE)
    commands = re.findall(r"^ *(?:quietly|shown) (.*)$", demo, re.MULTILINE)
    shown = README[README.index("$ make demo") : README.index("That was the main job")]

    assert re.findall(r"^== (.*)$", shown, re.MULTILINE) == steps
    assert re.findall(r"^\$ (.*)$", shown, re.MULTILINE) == ["make demo", *commands]


def test_readme_counts_the_answers_of_the_demo() -> None:
    regions = {pod.region for pod in PODS.values()}
    transports = get_args(TransportName)

    answers = len(QUICK_CHECKS) * len(regions) * len(transports)
    assert f"All {answers} answers are right." in README


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_row_of_a_table_stands_twice(page: Path) -> None:
    for table in tables(page.read_text(encoding="utf-8")):
        assert that_stand_twice(table) == []


def test_row_that_stands_twice_is_found() -> None:
    page = "| key | default |\n| --- | --- |\n| `a` | 1 |\n| `b` | 1 |\n| `a` | 2 |\n"

    with pytest.raises(ValueError, match="more than one row for `a`"):
        by_first_cell(page, "| key |")
    assert [that_stand_twice(table) for table in tables(page)] == [[["`a`"]]]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_make_targets_on_a_page_exist(page: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))

    assert set(re.findall(r"(?:^\$ |`)make ([a-z]+)", page.read_text(), re.MULTILINE)) <= targets


@pytest.mark.border
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_and_paths_on_a_page_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^):]+)\)", text)
    folders = (
        "lambda_src",
        "scripts",
        "docs",
        "tests",
        *(it.parent.name for it in ROOT.glob("*/__init__.py")),
    )
    paths = re.findall(rf"`((?:{'|'.join(folders)})/[\w./-]*)`", text)

    assert [link for link in links if not leads_somewhere(page, link)] == []
    assert [path for path in paths if not (ROOT / path).exists()] == []


def leads_somewhere(page: Path, link: str) -> bool:
    """Say whether there is such a file, and in it the heading that the link names, if it does."""
    path, _, anchor = link.partition("#")
    target = page.parent / path if path else page
    if not target.exists() or not anchor:
        return target.exists()
    headings = re.findall(r"^#+ (.*)$", target.read_text(encoding="utf-8"), re.MULTILINE)
    return anchor in {re.sub(r"[^\w -]", "", it.lower()).replace(" ", "-") for it in headings}


@pytest.mark.border
def test_page_of_the_architecture_says_of_each_folder_what_the_folder_says() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = by_first_cell(page, "| folder | subject |")
    said = {folder.strip("`"): subject for folder, (subject,) in table.items()}

    assert said == {
        str(file.parent.relative_to(ROOT)): subject_of(file)
        for pattern in ("*/__init__.py", "ops/*/__init__.py", "workbench/*/__init__.py")
        for file in ROOT.glob(pattern)
        if file.parent.name not in {"tests", "benchmarks"}
    }


def test_page_of_the_fuzzer_lists_its_targets() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    listed = [target.strip("`") for target, _ in rows(page, "| target |")]

    assert listed == [*TARGETS]


def subject_of(file: Path) -> str:
    """Read the subject from a package's docstring, as it stands in the middle of a line."""
    text = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    is_name = text[:2].isupper() or text.startswith("`")
    return (text if is_name else text[:1].lower() + text[1:]).rstrip(".")


def test_ci_and_the_readme_run_the_same_test_command() -> None:
    assert "$ make test" in README
    assert "\nstep make test\n" in (ROOT / ".ci" / "run").read_text()
