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

from fuzzing.targets import TARGETS
from plan import names
from plan.capacity import capacity_of
from plan.cost import region_cost
from plan.deployment import Accounts, Deployment, Region
from plan.fields import TransportName
from plan.mparticle import DOCUMENTED_ACCOUNTS, PODS, RETRIED_STATUSES
from plan.prices import LIST_PRICES
from plan.regions import regions
from plan.target import AWS
from probe.message_checks import QUICK_CHECKS
from tests.pages import DOCS, PAGES, ROOT, by_first_cell, rows, tables, that_stand_twice

README = (ROOT / "README.md").read_text(encoding="utf-8")
MOST_WORDS = 15_000
"""Of docs/ as `wc -w` counts them: say each thing once, and what --help says not at all."""
# Maps of the file: what stands for their keys on the page, and the table below each entry, if any.
MAPS: dict[str, tuple[str, type[BaseModel] | None]] = {
    "accounts": ("POD", Accounts),
    "regions": ("REGION", Region),
    "environment": ("NAME", None),
    "tags": ("KEY", None),
}


def test_pages_are_short_enough_to_be_read() -> None:
    words = {str(page.relative_to(ROOT)): len(page.read_text("utf-8").split()) for page in DOCS}

    assert sum(words.values()) <= MOST_WORDS, sorted(words.items(), key=lambda it: -it[1])[:8]


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


@pytest.mark.parametrize(
    ("said", "transports"),
    [("{} with\nthe defaults", ("lambda",)), ("{} with both transports", ("lambda", "https"))],
)
def test_quota_of_the_readme_is_what_quota_request_asks_for(
    said: str, transports: tuple[TransportName, ...]
) -> None:
    deployment = Deployment(name="acme", transports=transports)
    asked = {capacity_of(plan).account for plan in regions(deployment, target=AWS)}

    assert [f"{it:,}" for it in asked] == re.findall(said.format(r"([\d,]+)"), README)


def test_costs_on_the_pages_are_those_that_the_command_computes() -> None:
    page = (ROOT / "docs" / "capacity.md").read_text(encoding="utf-8")
    plan, *_ = regions(Deployment(name="acme"), target=AWS)
    cost = region_cost(plan, LIST_PRICES)
    both, *_ = regions(Deployment(name="acme", transports=("lambda", "https")), target=AWS)
    more = region_cost(both, LIST_PRICES).usd - cost.usd
    shown = {what: usd for what, (usd, _) in by_first_cell(page, "| what | USD a month |").items()}

    dear = [line for line in cost.lines if line.usd >= 50]
    assert shown == {line.usage.what: f"{line.usd:,.0f}" for line in dear}
    assert re.findall(r"About ([\d,]+) USD a month and region", README) == [
        f"{round(cost.usd, -2):,.0f}"
    ]
    assert re.findall(r"HTTPS adds ([\d,]+)", page) == [f"{round(more, -1):,.0f}"]


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


@pytest.mark.parametrize("page", ["docs/delivery.md", "lambda_src/endpoint/front_door.py"])
def test_statuses_that_mparticle_repeats_are_those_of_the_plan(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    (listed,) = re.findall(r"mParticle tries again after ([\d, and]+\d)", text)

    assert {int(status) for status in re.findall(r"\d+", listed)} == RETRIED_STATUSES
