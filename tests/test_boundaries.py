"""Who may import whom: the arrows of docs/architecture.md."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def imports_of(*folders: str) -> Iterator[tuple[str, str]]:
    """Yield each file below the folders with each top-level module that it imports anywhere."""
    for folder in folders:
        files = sorted((ROOT / folder).rglob("*.py")) if (ROOT / folder).is_dir() else []
        for file in files or [ROOT / folder]:
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                modules: list[str] = []
                if isinstance(node, ast.Import):
                    modules = [alias.name for alias in node.names]
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    modules = [node.module]
                for module in modules:
                    yield str(file.relative_to(ROOT)), module.partition(".")[0]


def offenders(folder: str, *forbidden: str) -> list[tuple[str, str]]:
    return [found for found in imports_of(folder) if found[1] in forbidden]


def test_plan_imports_pydantic_and_the_standard_library_only() -> None:
    allowed = {"plan", "pydantic", "pydantic_core", *sys.stdlib_module_names}

    assert [found for found in imports_of("plan") if found[1] not in allowed] == []


@pytest.mark.parametrize(
    "folder", ["lambda_src/firehose", "lambda_src/endpoint", "lambda_src/partner_http"]
)
def test_lambda_code_imports_nothing_that_stays_behind(folder: str) -> None:
    assert offenders(folder, "app", "plan", "stacks", "ops", "aws_cdk", "pydantic", "tests") == []


def test_protocol_knows_nothing_of_endpoint_and_integration() -> None:
    assert offenders("lambda_src/firehose", "endpoint", "integration", "boto3", "botocore") == []


def test_http_of_the_partner_knows_nothing_of_mparticle() -> None:
    assert offenders("lambda_src/partner_http", "firehose", "endpoint", "integration") == []


def test_operator_commands_import_no_cdk() -> None:
    assert offenders("ops", "aws_cdk", "constructs", "cdk_nag", "stacks", "app") == []


def test_stacks_are_imported_by_the_app_only() -> None:
    importers = {
        file
        for file, module in imports_of("app.py", "plan", "ops", "lambda_src", "fuzzing")
        if module == "stacks"
    }

    assert importers == {"app.py"}


def test_folders_of_the_commands_import_one_another_in_one_direction() -> None:
    folders = [path.name for path in sorted((ROOT / "ops").iterdir()) if path.is_dir()]
    graph = {folder: set(ops_folders_imported_by(folder)) - {folder} for folder in folders}

    TopologicalSorter(graph).prepare()  # raises CycleError with the folders of a circle


def ops_folders_imported_by(folder: str) -> Iterator[str]:
    for file in (ROOT / "ops" / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("ops."):
                yield node.module.split(".")[1]


def test_app_is_short_enough_to_be_read_at_once() -> None:
    assert len((ROOT / "app.py").read_text().splitlines()) <= 35
