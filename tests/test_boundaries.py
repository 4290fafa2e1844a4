"""Who may import whom: the arrows of docs/architecture.md."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.border import is_partners

pytestmark = pytest.mark.border

ROOT = Path(__file__).parents[1]

HOUSES = ("ops", "workbench")
LAMBDA = ("firehose", "endpoint", "partner_http")
CLIENTS = {"boto3", "botocore", "msgspec", "mypy_boto3_lambda", "typer", "urllib3"}
MAY_IMPORT: dict[str, set[str]] = {
    "plan": {"pydantic", "pydantic_core"},
    "console": {"plan", "rich", "typer"},
    "pages": {"jinja2"},
    "cloud": {"plan", "console", "boto3", "botocore", "uv"},
    "local": {"plan", "console", "cloud", "ministack", "tomlkit"},
    "probe": {"plan", "console", "cloud", "local", "firehose", "endpoint", "hdrh", *CLIENTS},
    "stacks": {"plan", "endpoint", "msgspec", "aws_cdk", "constructs", "cdk_nag"},
}
"""What a room may import besides itself and the standard library; houses have rules below."""


@cache
def product() -> tuple[Path, ...]:
    """List the product's modules: all but tests, benchmarks, fuzzing, what is the partner's."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    files = (ROOT / line for line in sorted(set(listed)))
    return tuple(
        file
        for file in files
        if file.is_file()
        and file.relative_to(ROOT).parts[0] not in {"tests", "benchmarks", "fuzzing"}
        and not is_partners(file)
    )


def room_of(file: Path) -> str:
    parts = file.relative_to(ROOT).parts
    return parts[1] if parts[0] == "lambda_src" else parts[0].removesuffix(".py")


def imported_by(file: Path) -> Iterator[str]:
    """Yield every module that a file imports anywhere, whole."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def imports_of(*rooms: str) -> set[tuple[str, str]]:
    """Give each file of some rooms with each top-level module that it imports."""
    return {
        (str(file.relative_to(ROOT)), module.partition(".")[0])
        for file in product()
        if room_of(file) in rooms
        for module in imported_by(file)
    }


def offenders(room: str, *forbidden: str) -> list[tuple[str, str]]:
    return sorted(found for found in imports_of(room) if found[1] in forbidden)


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_room_imports_only_what_lies_below_it(room: str) -> None:
    allowed = {room, *MAY_IMPORT[room], *sys.stdlib_module_names}

    assert sorted(found for found in imports_of(room) if found[1] not in allowed) == []


@pytest.mark.parametrize("room", LAMBDA)
def test_lambda_code_imports_nothing_that_stays_behind(room: str) -> None:
    stays = {room_of(file) for file in product()} - {room, *LAMBDA}

    assert offenders(room, *stays, "aws_cdk", "pydantic", "tests") == []


def test_sdk_of_aws_is_only_asked_for_credentials_that_lambda_did_not_set() -> None:
    importers = {
        file
        for file, module in imports_of("endpoint", "partner_http")
        if module in {"boto3", "botocore"}
    }

    assert importers == {"lambda_src/endpoint/credentials.py"}


def test_protocol_knows_nothing_of_endpoint_and_integration() -> None:
    assert offenders("firehose", "endpoint", "partner_http", "boto3", "botocore") == []


def test_http_of_the_partner_knows_nothing_of_mparticle() -> None:
    assert offenders("partner_http", "firehose", "endpoint") == []


@pytest.mark.parametrize(("house", "other"), [HOUSES, HOUSES[::-1]])
def test_house_knows_neither_the_other_nor_the_templates(house: str, other: str) -> None:
    assert offenders(house, other, "aws_cdk", "constructs", "cdk_nag", "stacks", "app") == []


def test_stacks_are_imported_by_the_app_only() -> None:
    rooms = {room_of(file) for file in product()} - {"stacks"}
    importers = {file for file, module in imports_of(*rooms) if module == "stacks"}

    assert importers == {"app.py"}


def test_command_line_is_imported_by_its_start_only() -> None:
    rooms = {room_of(file) for file in product()}

    assert [found for found in imports_of(*rooms) if found[1] in {"cli", "app", "start"}] == [
        ("start.py", "cli")
    ]


@pytest.mark.parametrize("house", HOUSES)
def test_folders_of_a_house_import_one_another_in_one_direction(house: str) -> None:
    TopologicalSorter(folders_of(house)).prepare()  # raises CycleError with those of a circle


def folders_of(house: str) -> dict[str, set[str]]:
    """Give each folder of a house with those that it imports."""
    graph: dict[str, set[str]] = {}
    for file in product():
        parts = file.relative_to(ROOT).parts
        if parts[0] != house or len(parts) < 3:
            continue
        modules = [module.split(".") for module in imported_by(file)]
        graph.setdefault(parts[1], set()).update(
            module[1] for module in modules if module[0] == house and len(module) > 2
        )
    return {folder: others - {folder} for folder, others in graph.items()}


def test_commands_are_imported_by_nobody_but_the_entry_point() -> None:
    importers = {
        str(file.relative_to(ROOT))
        for file in product()
        for module in imported_by(file)
        if ".commands" in module
        and file.name != "cli.py"
        # a command with subcommands is a folder, whose first file names them
        and not (file.name == "__init__.py" and module.startswith(module_of(file)))
    }

    assert importers == set()


def module_of(package: Path) -> str:
    return ".".join(package.parent.relative_to(ROOT).parts)


def test_class_name_stands_for_one_thing() -> None:
    names = Counter(
        node.name
        for file in product()
        if room_of(file) in {*MAY_IMPORT, *HOUSES, *LAMBDA}
        for node in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef)
    )

    assert {name: count for name, count in names.items() if count > 1} == {}


def test_no_room_is_more_than_35_percent_of_the_product() -> None:
    lines = Counter[str]()
    for file in product():
        lines[room_of(file)] += len(file.read_text(encoding="utf-8").splitlines())

    assert max(lines.values()) <= 0.35 * lines.total(), lines.most_common(3)


def test_app_is_short_enough_to_be_read_at_once() -> None:
    assert len((ROOT / "app.py").read_text().splitlines()) <= 35
