"""What the pages repeat and the code knows is the same."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from plan import names
from plan.deployment import Accounts, Deployment, Region
from plan.fields import TransportName
from plan.mparticle import DOCUMENTED_ACCOUNTS, PODS, RETRIED_STATUSES
from probe.message_checks import QUICK_CHECKS
from tests.pages import PAGES, ROOT, by_first_cell, rows, tables, that_stand_twice

README = (ROOT / "README.md").read_text(encoding="utf-8")
# Maps of the file: what stands for their keys on the page, and the table below each entry, if any.
MAPS: dict[str, tuple[str, type[BaseModel] | None]] = {
    "accounts": ("POD", Accounts),
    "regions": ("REGION", Region),
    "environment": ("NAME", None),
    "tags": ("KEY", None),
}


def test_pods_of_the_readme_are_those_of_the_plan() -> None:
    *pods, everywhere = rows(README, "| pod | region |")

    assert pods == [
        [
            pod.name,
            pod.region,
            pod.account.number,
            "yes" if pod.account.confirmed else "no",
        ]
        for pod in PODS.values()
    ]
    assert everywhere[2] == ", ".join(account.number for account in DOCUMENTED_ACCOUNTS)


def defaults(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield each key that a file may have, as the page writes it, with its default in TOML."""
    for key, field in model.model_fields.items():
        default = field.get_default(call_default_factory=True)
        if key in MAPS:
            placeholder, below = MAPS[key]
            if below:
                yield from defaults(below, f"{prefix}{key}.{placeholder}.")
            else:
                yield f"{prefix}{key}.{placeholder}", ""
        elif isinstance(default, BaseModel):
            yield from defaults(type(default), f"{prefix}{key}.")
        else:
            unset = default is None or default is PydanticUndefined
            yield f"{prefix}{key}", "" if unset else json.dumps(default)


def test_page_of_the_deployment_file_has_every_key_with_its_default() -> None:
    page = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
    documented = {
        key.strip("`"): default.strip("`")
        for key, (default, _) in by_first_cell(page, "| key | default |").items()
    }

    assert documented == dict(defaults(Deployment))


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


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_and_paths_on_a_page_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#:]+)\)", text)
    folders = (
        "lambda_src",
        "scripts",
        "docs",
        "tests",
        *(it.parent.name for it in ROOT.glob("*/__init__.py")),
    )
    paths = re.findall(rf"`((?:{'|'.join(folders)})/[\w./-]*)`", text)

    assert [link for link in links if not (page.parent / link).exists()] == []
    assert [path for path in paths if not (ROOT / path).exists()] == []


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


def subject_of(file: Path) -> str:
    """Read the subject from a package's docstring, as it stands in the middle of a line."""
    text = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    return (text if text.startswith("`") else text[:1].lower() + text[1:]).rstrip(".")


def test_names_that_leave_the_account_are_written_as_they_are() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    written = {name: form for name, (form,) in by_first_cell(page, "| name | form |").items()}

    assert written["stack"] == f"`{names.stack_name('<name>', '<region>')}`"
    assert written["function"] == f"`{names.function_name('<name>')}`"
    assert written["alias"] == f"`{names.ALIAS}`"
    assert names.FUNCTION_ARN_OUTPUT in written["output"]
    assert names.ENDPOINT_URL_OUTPUT in written["output"]
    assert names.worker_name("<name>") in written["worker"]


def test_ci_and_the_readme_run_the_same_test_command() -> None:
    assert "$ make test" in README
    assert "\nmake test\n" in (ROOT / ".ci" / "run").read_text()
    assert "run: make test\n" in (ROOT / ".github" / "workflows" / "check.yml").read_text()


@pytest.mark.parametrize("page", ["docs/delivery.md", "lambda_src/endpoint/front_door.py"])
def test_statuses_that_mparticle_repeats_are_those_of_the_plan(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    (listed,) = re.findall(r"mParticle tries again after ([\d, and]+\d)", text)

    assert {int(status) for status in re.findall(r"\d+", listed)} == RETRIED_STATUSES
